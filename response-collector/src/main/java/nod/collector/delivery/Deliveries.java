package nod.collector.delivery;

import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;

import nod.messaging.event.Envelope;
import nod.schemas.event.OutcomeDecided;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/** The tables of what is to be told to whom. Every time is the database's. Thread-safe. */
@Repository
public class Deliveries {

    /** An outcome that was read again inserts nothing; nor does one that is too old to be tried. */
    private static final String NOTE =
            """
            INSERT INTO webhook_delivery (endpoint, event, tx_id, body, until)
            SELECT endpoint, event, tx_id, body, to_timestamp(until / 1000.0)
            FROM unnest(:endpoints, :events, :transactions, :bodies, :untils)
                AS noted (endpoint, event, tx_id, body, until)
            WHERE to_timestamp(until / 1000.0) > now()
            ORDER BY endpoint, event
            ON CONFLICT DO NOTHING
            """;

    /**
     * The lease is longer than a try takes: no lock is held while the endpoint is asked. The doubt
     * stays where what came of the try is never written down.
     */
    private static final String CLAIM =
            """
            WITH next AS MATERIALIZED (
                SELECT event, doubt
                FROM webhook_delivery
                WHERE endpoint = :endpoint AND state = 'pending' AND due <= now()
                  AND NOT EXISTS (
                      SELECT FROM webhook_endpoint
                      WHERE name = :endpoint AND (disabled IS NOT NULL OR paused > now()))
                ORDER BY due
                LIMIT 1
                FOR UPDATE SKIP LOCKED)
            UPDATE webhook_delivery AS d
            SET due = now() + :lease * interval '1 millisecond', lease = gen_random_uuid(),
                attempts = attempts + 1, doubt = true
            WHERE d.endpoint = :endpoint AND d.event = (SELECT event FROM next)
            RETURNING d.event, d.tx_id, d.lease, d.body, d.attempts,
                extract(epoch FROM now())::bigint AS at, (SELECT doubt FROM next) AS doubtful
            """;

    /** Whoever holds the lease by now: it was delivered. */
    private static final String DELIVERED =
            """
            UPDATE webhook_delivery SET state = 'delivered', lease = NULL, status = :status, cause = NULL
            WHERE endpoint = :endpoint AND event = :event AND state <> 'delivered'
            """;

    private static final String FAILED =
            """
            UPDATE webhook_delivery
            SET due = now() + :wait * interval '1 millisecond', lease = NULL,
                status = :status, cause = :cause, doubt = :doubt,
                state = CASE WHEN now() + :wait * interval '1 millisecond' > until
                    THEN 'given_up' ELSE 'pending' END
            WHERE endpoint = :endpoint AND event = :event AND lease = :lease
            RETURNING state
            """;

    private static final String PAUSE =
            """
            INSERT INTO webhook_endpoint AS e (name, paused)
            VALUES (:endpoint, now() + :wait * interval '1 millisecond')
            ON CONFLICT (name) DO UPDATE SET paused = greatest(e.paused, excluded.paused)
            """;

    private static final String DISABLE =
            """
            INSERT INTO webhook_endpoint AS e (name, disabled) VALUES (:endpoint, now())
            ON CONFLICT (name) DO UPDATE SET disabled = coalesce(e.disabled, excluded.disabled)
            """;

    private static final String STANDING =
            """
            SELECT wanted.endpoint, e.disabled IS NOT NULL AS disabled, p.backlog,
                coalesce(extract(epoch FROM now() - p.oldest), 0)::double precision AS oldest
            FROM unnest(:endpoints) AS wanted (endpoint)
            LEFT JOIN webhook_endpoint AS e ON e.name = wanted.endpoint
            CROSS JOIN LATERAL (
                SELECT count(*) AS backlog, min(created) AS oldest FROM webhook_delivery AS d
                WHERE d.endpoint = wanted.endpoint AND d.state = 'pending') AS p
            """;

    private static final String PRUNE =
            """
            DELETE FROM webhook_delivery WHERE ctid = ANY(ARRAY(
                SELECT ctid FROM webhook_delivery
                WHERE until < now() - :age * interval '1 millisecond'
                ORDER BY until
                LIMIT %d
                FOR UPDATE SKIP LOCKED))
            """;

    private final DatabaseClient database;

    Deliveries(DatabaseClient database) {
        this.database = database;
    }

    /** What is to be told to whom, and until when. */
    public record Note(
            String endpoint, Envelope<OutcomeDecided> outcome, String body, Duration retryFor) {

        private long until() {
            return outcome.event().decided().plus(retryFor).toEpochMilli();
        }
    }

    /** What is noted already stays as it is. */
    public Mono<Void> note(List<Note> notes) {
        return database.sql(NOTE)
                .bind("endpoints", all(notes, Note::endpoint, String[]::new))
                .bind("events", all(notes, note -> note.outcome().id(), UUID[]::new))
                .bind(
                        "transactions",
                        all(notes, note -> note.outcome().event().txId(), UUID[]::new))
                .bind("bodies", all(notes, Note::body, String[]::new))
                .bind("untils", all(notes, Note::until, Long[]::new))
                .then();
    }

    private static <T> T[] all(List<Note> notes, Function<Note, T> part, IntFunction<T[]> array) {
        return notes.stream().map(part).toArray(array);
    }

    /** The next delivery that is due, for this caller alone until the lease is over; or none. */
    Mono<Attempt> claim(String endpoint, Duration lease) {
        return database.sql(CLAIM)
                .bind("endpoint", endpoint)
                .bind("lease", lease.toMillis())
                .map(Deliveries::attempt)
                .one();
    }

    private static Attempt attempt(Readable row) {
        return new Attempt(
                required(row.get("event", UUID.class)),
                required(row.get("tx_id", UUID.class)),
                required(row.get("lease", UUID.class)),
                required(row.get("body", String.class)),
                required(row.get("attempts", Integer.class)),
                required(row.get("at", Long.class)),
                required(row.get("doubtful", Boolean.class)));
    }

    Mono<Void> delivered(String endpoint, Attempt attempt, int status) {
        return database.sql(DELIVERED)
                .bind("endpoint", endpoint)
                .bind("event", attempt.event())
                .bind("status", status)
                .then();
    }

    /**
     * Tries again after that time, or never where that is too late.
     *
     * @return whether it was given up
     */
    Mono<Boolean> failed(String endpoint, Attempt attempt, Failure failure, Duration wait) {
        return database.sql(FAILED)
                .bind("endpoint", endpoint)
                .bind("event", attempt.event())
                .bind("lease", attempt.lease())
                .bind("status", Parameters.in(R2dbcType.INTEGER, failure.status()))
                .bind("cause", Parameters.in(R2dbcType.VARCHAR, failure.cause()))
                .bind("doubt", failure.doubt())
                .bind("wait", wait.toMillis())
                .map(row -> "given_up".equals(row.get("state", String.class)))
                .one()
                .defaultIfEmpty(false);
    }

    /** Nothing is sent to the endpoint for that long. */
    Mono<Void> pause(String endpoint, Duration wait) {
        return database.sql(PAUSE).bind("endpoint", endpoint).bind("wait", wait.toMillis()).then();
    }

    /** Nothing is sent to the endpoint until somebody enables it. */
    Mono<Void> disable(String endpoint) {
        return database.sql(DISABLE).bind("endpoint", endpoint).then();
    }

    Mono<List<Standing>> standings(List<String> endpoints) {
        return database.sql(STANDING)
                .bind("endpoints", endpoints.toArray(String[]::new))
                .map(
                        row ->
                                new Standing(
                                        required(row.get("endpoint", String.class)),
                                        required(row.get("disabled", Boolean.class)),
                                        required(row.get("backlog", Long.class)),
                                        required(row.get("oldest", Double.class))))
                .all()
                .collectList();
    }

    Mono<Long> prune(Duration kept, int limit) {
        return database.sql(PRUNE.formatted(limit))
                .bind("age", kept.toMillis())
                .fetch()
                .rowsUpdated();
    }

    private static <T> T required(@Nullable T value) {
        return Objects.requireNonNull(value);
    }
}
