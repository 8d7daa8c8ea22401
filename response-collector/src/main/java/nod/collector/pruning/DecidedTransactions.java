package nod.collector.pruning;

import nod.collector.CollectorSettings;
import nod.messaging.pruning.Prunable;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

/**
 * The transactions that were decided long ago; their deliveries go with them. One that is not
 * decided has no such time and stays, whatever its age: who claimed it was promised a decision.
 */
@Component
final class DecidedTransactions implements Prunable {

    /**
     * The limit is part of the text: of a parameter PostgreSQL would guess that it means a tenth of
     * the table, and read the table.
     */
    private static final String DELETE =
            """
            DELETE FROM transaction WHERE tx_id = ANY(ARRAY(
                SELECT tx_id FROM transaction
                WHERE decided < now() - :age * interval '1 millisecond'
                ORDER BY decided
                LIMIT %d
                FOR UPDATE SKIP LOCKED))
            """;

    private final DatabaseClient database;
    private final long keptMillis;

    DecidedTransactions(DatabaseClient database, CollectorSettings settings) {
        this.database = database;
        this.keptMillis = settings.pruning().transactions().toMillis();
    }

    @Override
    public String table() {
        return "transaction";
    }

    /** One statement: its locks last no longer than the database takes for it. */
    @Override
    public Mono<Long> prune(int limit) {
        return database.sql(DELETE.formatted(limit)).bind("age", keptMillis).fetch().rowsUpdated();
    }
}
