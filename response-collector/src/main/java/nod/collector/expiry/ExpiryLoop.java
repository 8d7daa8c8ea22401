package nod.collector.expiry;

import nod.collector.CollectorSettings;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Sweeps again and again while the service runs: one timer for all transactions. */
@Component
final class ExpiryLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(ExpiryLoop.class);

    /** Far longer than a batch takes; a database that hangs is asked anew after it. */
    private static final Duration BATCH_TIMEOUT = Duration.ofSeconds(10);

    private final ExpirySweep sweep;
    private final Duration interval;
    private volatile boolean running;
    private @Nullable ScheduledExecutorService timer;

    ExpiryLoop(ExpirySweep sweep, CollectorSettings settings) {
        this.sweep = sweep;
        this.interval = settings.expiry().interval();
    }

    private void run() {
        try {
            while (running && Boolean.TRUE.equals(sweep.closeBatch().block(BATCH_TIMEOUT))) {
                log.debug("A full batch expired, looks for more");
            }
        } catch (RuntimeException failure) {
            // Whatever it is, the next turn tries again: transactions must not stay open for ever.
            log.warn("Expired transactions could not be closed, next try in {}", interval, failure);
        }
    }

    @Override
    public void start() {
        running = true;
        var started =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("expiry-sweep").factory());
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
