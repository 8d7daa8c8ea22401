package nod.messaging.sweep;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Sweeps the database again and again while the service runs, on one thread: one timer for all
 * rows. Instances share the work by passing over each other's locked rows.
 */
public abstract class SweepLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SweepLoop.class);

    /** Far longer than a batch takes; a database that hangs is asked anew after it. */
    private static final Duration BATCH_TIMEOUT = Duration.ofSeconds(10);

    private final String name;
    private final Duration interval;
    private volatile boolean stopping;
    private volatile @Nullable ScheduledExecutorService timer;

    /**
     * A loop that has not begun.
     *
     * @param name of its thread, and of what it does in the log
     * @param interval how long it rests when there is nothing more to do
     */
    protected SweepLoop(String name, Duration interval) {
        this.name = name;
        this.interval = interval;
    }

    /**
     * Does some work. Where it fails, the next turn tries again.
     *
     * @return whether there may be more to do at once
     */
    protected abstract boolean sweep();

    /** What a batch brings; fails where it takes far too long. */
    protected static <T> T await(Mono<T> batch) {
        return Objects.requireNonNull(batch.block(BATCH_TIMEOUT));
    }

    private void turn() {
        try {
            while (!stopping && sweep()) {
                log.debug("{} had a full batch, looks for more", name);
            }
        } catch (RuntimeException failure) {
            // Whatever it is, the next turn tries again: what is to be done must not stay undone.
            log.warn("{} failed, next try in {}", name, interval, failure);
        }
    }

    @Override
    public void start() {
        stopping = false;
        var started =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name(name).factory());
        started.scheduleWithFixedDelay(
                this::turn, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        timer = started;
    }

    /** Lets the batch under way be committed. */
    @Override
    public void stop() {
        stopping = true;
        var started = timer;
        if (started == null) {
            return;
        }
        started.shutdown();
        try {
            started.awaitTermination(BATCH_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return timer != null && !stopping;
    }
}
