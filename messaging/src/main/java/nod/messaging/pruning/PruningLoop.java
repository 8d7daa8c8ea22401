package nod.messaging.pruning;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Prunes a service's tables again and again while it runs: one batch at a time, on one connection.
 * Instances share the work by passing over each other's locked rows.
 */
public final class PruningLoop implements SmartLifecycle {

    /** Rows that were deleted because they had had their time, by table. */
    static final String PRUNED = "nod.pruned.rows";

    private static final Logger log = LoggerFactory.getLogger(PruningLoop.class);

    /** Far longer than a batch takes; a database that hangs is asked anew after it. */
    private static final Duration BATCH_TIMEOUT = Duration.ofSeconds(10);

    private final List<Pruned> tables;
    private final Duration interval;
    private final int batchSize;
    private volatile boolean stopping;
    private volatile @Nullable ScheduledExecutorService timer;

    private record Pruned(Prunable rows, Counter counter) {}

    /**
     * @param interval how long it rests when no table has anything more to give
     * @param batchSize the most rows that one database transaction deletes
     */
    public PruningLoop(
            List<? extends Prunable> tables,
            Duration interval,
            int batchSize,
            MeterRegistry metrics) {
        this.tables =
                tables.stream().map(rows -> new Pruned(rows, counter(rows, metrics))).toList();
        this.interval = interval;
        this.batchSize = batchSize;
    }

    private static Counter counter(Prunable rows, MeterRegistry metrics) {
        return Counter.builder(PRUNED)
                .description("Rows that were deleted because they had had their time")
                .tag("table", rows.table())
                .register(metrics);
    }

    /** A batch of each table in turn, so that a long backlog of one holds up no other. */
    void turn() {
        boolean more;
        do {
            more = false;
            for (var table : tables) {
                more |= !stopping && pruneBatch(table);
            }
        } while (more);
    }

    /** Whether there may be more. */
    private boolean pruneBatch(Pruned table) {
        try {
            var pruned = table.rows().prune(batchSize).block(BATCH_TIMEOUT);
            table.counter().increment(Objects.requireNonNull(pruned));
            return pruned >= batchSize;
        } catch (RuntimeException failure) {
            // Whatever it is, the next turn tries again, and the other tables have their turn.
            log.warn(
                    "The table {} could not be pruned, next try in {}",
                    table.rows().table(),
                    interval,
                    failure);
            return false;
        }
    }

    @Override
    public void start() {
        stopping = false;
        var started =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().name("pruning").factory());
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
