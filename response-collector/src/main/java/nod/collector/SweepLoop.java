package nod.collector;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Sweeps again and again while the service runs: one timer for all transactions. */
public abstract class SweepLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(SweepLoop.class);

    /** Far longer than a batch takes; a database that hangs is asked anew after it. */
    private static final Duration BATCH_TIMEOUT = Duration.ofSeconds(10);

    private final String name;
    private final Duration interval;
    private final Mono<Boolean> batch;
    private volatile boolean running;
    private @Nullable ScheduledExecutorService timer;

    /**
     * A loop that has not begun.
     *
     * @param name of its thread, and of what it does in the log
     * @param interval from the end of a turn to the next one
     * @param batch does some work each time it is subscribed to, and says whether there may be more
     */
    protected SweepLoop(String name, Duration interval, Mono<Boolean> batch) {
        this.name = name;
        this.interval = interval;
        this.batch = batch;
    }

    private void run() {
        try {
            while (running && Boolean.TRUE.equals(batch.block(BATCH_TIMEOUT))) {
                log.debug("{} had a full batch, looks for more", name);
            }
        } catch (RuntimeException failure) {
            // Whatever it is, the next turn tries again: transactions must not stay open for ever.
            log.warn("{} could not close transactions, next try in {}", name, interval, failure);
        }
    }

    @Override
    public void start() {
        running = true;
        var started =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name(name).factory());
        started.scheduleWithFixedDelay(
                this::run, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
        timer = started;
    }

    /** Lets the batch under way be committed. */
    @Override
    public void stop() {
        running = false;
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
        return running;
    }
}
