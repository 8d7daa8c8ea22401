package nod.messaging.pruning;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import nod.messaging.sweep.SweepLoop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;

/** Prunes a service's tables again and again while it runs: one batch at a time. */
public final class PruningLoop extends SweepLoop {

    /** Rows that were deleted because they had had their time, by table. */
    static final String PRUNED = "nod.pruned.rows";

    private static final Logger log = LoggerFactory.getLogger(PruningLoop.class);

    private final List<Pruned> tables;
    private final int batchSize;

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
        super("pruning", interval);
        this.tables =
                tables.stream().map(rows -> new Pruned(rows, counter(rows, metrics))).toList();
        this.batchSize = batchSize;
    }

    private static Counter counter(Prunable rows, MeterRegistry metrics) {
        return Counter.builder(PRUNED)
                .description("Rows that were deleted because they had had their time")
                .tag("table", rows.table())
                .register(metrics);
    }

    /** A batch of each table in turn, so that a long backlog of one holds up no other. */
    @Override
    protected boolean sweep() {
        var more = false;
        for (var table : tables) {
            more |= isRunning() && pruneBatch(table);
        }
        return more;
    }

    /** Whether there may be more. */
    private boolean pruneBatch(Pruned table) {
        try {
            var pruned = await(table.rows().prune(batchSize));
            table.counter().increment(pruned);
            return pruned >= batchSize;
        } catch (RuntimeException failure) {
            // Whatever it is, the next turn tries again, and the other tables have their turn.
            log.warn("The table {} could not be pruned", table.rows().table(), failure);
            return false;
        }
    }
}
