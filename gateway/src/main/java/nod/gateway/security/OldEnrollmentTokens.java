package nod.gateway.security;

import nod.gateway.GatewaySettings;
import nod.messaging.pruning.Prunable;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

/**
 * The enrollment tokens that have expired, spent or not: until then a spent one still asks how the
 * enrolment stands. Device tokens do not expire.
 */
@Repository
class OldEnrollmentTokens implements Prunable {

    private static final String DELETE =
            """
            DELETE FROM device_token WHERE id = ANY(ARRAY(
                SELECT id FROM device_token
                WHERE expires < now() - :age * interval '1 millisecond'
                ORDER BY expires
                LIMIT %d
                FOR UPDATE SKIP LOCKED))
            """;

    private final DatabaseClient database;
    private final long keptMillis;

    OldEnrollmentTokens(DatabaseClient database, GatewaySettings settings) {
        this.database = database;
        this.keptMillis = settings.pruning().enrollments().toMillis();
    }

    @Override
    public String table() {
        return "device_token";
    }

    @Override
    public Mono<Long> prune(int limit) {
        return database.sql(DELETE.formatted(limit)).bind("age", keptMillis).fetch().rowsUpdated();
    }
}
