package nod.gateway.lock;

import nod.gateway.GatewaySettings;
import nod.messaging.pruning.Prunable;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

/**
 * The users' rows that say nothing: without a lock or a pause that holds, without an open
 * transaction, and without a release that still has logins forgotten. Such a row is there only to
 * be locked, and the next one who needs it makes it again.
 */
@Repository
class IdleUsers implements Prunable {

    /**
     * A row that a start holds is passed over. A start that meets a row which is being deleted
     * waits for this one statement and then inserts its own.
     */
    private static final String DELETE =
            """
            DELETE FROM user_limit WHERE user_id = ANY(ARRAY(
                SELECT user_id FROM user_limit u
                WHERE (reason IS NULL OR until IS NOT NULL)
                  AND coalesce(until, '-infinity') < now() - :age * interval '1 millisecond'
                  AND coalesce(forgotten, '-infinity') < now() - :counted * interval '1 millisecond'
                  AND NOT EXISTS (SELECT 1 FROM transaction t
                                  WHERE t.user_id = u.user_id AND t.status = 'wait')
                ORDER BY coalesce(until, '-infinity')
                LIMIT %d
                FOR UPDATE OF u SKIP LOCKED))
            """;

    private final DatabaseClient database;
    private final long keptMillis;
    private final long countedMillis;

    IdleUsers(DatabaseClient database, GatewaySettings settings) {
        this.database = database;
        this.keptMillis = settings.pruning().pauses().toMillis();
        this.countedMillis = LoginHistory.goesBack(settings).toMillis();
    }

    @Override
    public String table() {
        return "user_limit";
    }

    @Override
    public Mono<Long> prune(int limit) {
        return database.sql(DELETE.formatted(limit))
                .bind("age", keptMillis)
                .bind("counted", countedMillis)
                .fetch()
                .rowsUpdated();
    }
}
