package nod.gateway.security.dpop;

import nod.gateway.security.TokenHash;
import nod.messaging.pruning.Prunable;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.UUID;

/** The proofs that were used, on any gateway, until they would be refused for their age. */
@Repository
class UsedProofs implements Prunable {

    /** From the first moment of a proof's window to the last. */
    private static final Duration KEPT = ProofCheck.WINDOW.multipliedBy(2);

    /** Gateways whose clocks differ by less do not take a proof twice. */
    private static final Duration BETWEEN_CLOCKS = Duration.ofMinutes(1);

    private static final String DELETE =
            """
            DELETE FROM dpop_jti WHERE hash = ANY(ARRAY(
                SELECT hash FROM dpop_jti
                WHERE expires < now() - :age * interval '1 millisecond'
                ORDER BY expires
                LIMIT %d
                FOR UPDATE SKIP LOCKED))
            """;

    private final DatabaseClient database;

    UsedProofs(DatabaseClient database) {
        this.database = database;
    }

    /**
     * Uses a proof up, for good: what becomes of its request does not matter.
     *
     * @return whether it was not used before; of two at once, wherever, one hears true
     */
    Mono<Boolean> spend(UUID device, String jti) {
        return database.sql(
                        """
                        INSERT INTO dpop_jti (hash, expires)
                        VALUES (:hash, now() + :kept * interval '1 millisecond')
                        ON CONFLICT DO NOTHING
                        """)
                .bind("hash", TokenHash.of(device + " " + jti).bytes())
                .bind("kept", KEPT.toMillis())
                .fetch()
                .rowsUpdated()
                .map(rows -> rows == 1);
    }

    @Override
    public String table() {
        return "dpop_jti";
    }

    @Override
    public Mono<Long> prune(int limit) {
        return database.sql(DELETE.formatted(limit))
                .bind("age", BETWEEN_CLOCKS.toMillis())
                .fetch()
                .rowsUpdated();
    }
}
