package nod.gateway.transaction;

import nod.gateway.GatewaySettings;
import nod.messaging.pruning.Prunable;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

/** The keys of logins that have expired: refused as long as they are kept, then forgotten. */
@Repository
class OldIdempotencyKeys implements Prunable {

    /** A row is never updated, so that the place where it was found is the place where it is. */
    private static final String DELETE =
            """
            DELETE FROM idempotency WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM idempotency
                WHERE expires < now() - :age * interval '1 millisecond'
                ORDER BY expires
                LIMIT %d
                FOR UPDATE SKIP LOCKED))
            """;

    private final DatabaseClient database;
    private final long keptMillis;

    OldIdempotencyKeys(DatabaseClient database, GatewaySettings settings) {
        this.database = database;
        this.keptMillis = settings.pruning().idempotencyKeys().toMillis();
    }

    @Override
    public String table() {
        return "idempotency";
    }

    @Override
    public Mono<Long> prune(int limit) {
        return database.sql(DELETE.formatted(limit)).bind("age", keptMillis).fetch().rowsUpdated();
    }
}
