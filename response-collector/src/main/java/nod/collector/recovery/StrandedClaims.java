package nod.collector.recovery;

import nod.messaging.event.Traceparent;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Finds the claims that wait for their decision for too long. Thread-safe. */
@Component
final class StrandedClaims {

    /**
     * Rows that somebody else is working on are left to them: another sweep, or the claim's event
     * that came after all. The weaker lock is enough for what is written.
     */
    private static final String LOCK =
            """
            SELECT tx_id, traceparent
            FROM transaction
            WHERE status = 'wait' AND claim IS NOT NULL
              AND claimed_at <= now() - make_interval(secs => :seconds)
              AND tx_id <> ALL(:except)
            ORDER BY claimed_at
            LIMIT :limit
            FOR NO KEY UPDATE SKIP LOCKED
            """;

    private final DatabaseClient database;

    StrandedClaims(DatabaseClient database) {
        this.database = database;
    }

    /**
     * Locks some of them, the oldest claims first, until the running transaction ends.
     *
     * @param after how long ago they were claimed at least
     * @param limit how many at most
     * @param except transactions that are not looked for
     * @return each with the trace of its start: that of the claim travelled with its event
     */
    Mono<Map<UUID, Traceparent>> lock(Duration after, int limit, Collection<UUID> except) {
        return database.sql(LOCK)
                .bind("seconds", after.toMillis() / 1000.0)
                .bind("except", except.toArray(UUID[]::new))
                .bind("limit", limit)
                .map(
                        row ->
                                Map.entry(
                                        Objects.requireNonNull(row.get("tx_id", UUID.class)),
                                        Traceparent.of(row.get("traceparent", String.class))))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }
}
