package nod.collector.webhook;

import io.r2dbc.spi.Readable;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** What an operator sees and changes of the webhooks. */
class WebhookDesk {

    private static final int MOST_SHOWN = 200;

    /** Those that were configured once are shown as long as something of them is left. */
    private static final String ENDPOINTS =
            """
            SELECT name, e.disabled, CASE WHEN e.paused > now() THEN e.paused END AS paused,
                coalesce(d.pending, 0) AS pending, coalesce(d.delivered, 0) AS delivered,
                coalesce(d.given_up, 0) AS given_up
            FROM (SELECT unnest(:configured) AS name
                  UNION SELECT name FROM webhook_endpoint
                  UNION SELECT endpoint FROM webhook_delivery) AS names
            LEFT JOIN webhook_endpoint AS e USING (name)
            LEFT JOIN (SELECT endpoint AS name,
                    count(*) FILTER (WHERE state = 'pending') AS pending,
                    count(*) FILTER (WHERE state = 'delivered') AS delivered,
                    count(*) FILTER (WHERE state = 'given_up') AS given_up
                FROM webhook_delivery GROUP BY endpoint) AS d USING (name)
            ORDER BY name
            """;

    private static final String UNTOLD =
            """
            SELECT event, tx_id, state, attempts, due, coalesce('status ' || status, cause) AS last
            FROM webhook_delivery
            WHERE endpoint = :endpoint AND state <> 'delivered'
            ORDER BY created, event
            LIMIT %d
            """
                    .formatted(MOST_SHOWN);

    /** What is being tried is left to whoever tries it. */
    private static final String REPLAY =
            """
            UPDATE webhook_delivery
            SET state = 'pending', due = now(), lease = NULL, attempts = 0,
                until = now() + :retry * interval '1 millisecond'
            WHERE endpoint = :endpoint AND (lease IS NULL OR due <= now())
            """;

    private static final String ENABLE =
            """
            UPDATE webhook_endpoint SET disabled = NULL, paused = NULL
            WHERE name = :endpoint AND (disabled IS NOT NULL OR paused > now())
            """;

    private final DatabaseClient database;

    WebhookDesk(DatabaseClient database) {
        this.database = database;
    }

    /** How an endpoint stands. */
    record Line(
            String name,
            @Nullable Instant disabled,
            @Nullable Instant paused,
            long pending,
            long delivered,
            long givenUp) {

        private Line(Readable row) {
            this(
                    required(row.get("name", String.class)),
                    row.get("disabled", Instant.class),
                    row.get("paused", Instant.class),
                    required(row.get("pending", Long.class)),
                    required(row.get("delivered", Long.class)),
                    required(row.get("given_up", Long.class)));
        }
    }

    /** An outcome that an endpoint was not told. */
    record Untold(
            UUID event, UUID txId, String state, int attempts, Instant due, @Nullable String last) {

        private Untold(Readable row) {
            this(
                    required(row.get("event", UUID.class)),
                    required(row.get("tx_id", UUID.class)),
                    required(row.get("state", String.class)),
                    required(row.get("attempts", Integer.class)),
                    required(row.get("due", Instant.class)),
                    row.get("last", String.class));
        }
    }

    Flux<Line> endpoints(List<String> configured) {
        return database.sql(ENDPOINTS)
                .bind("configured", configured.toArray(String[]::new))
                .map(row -> new Line(row))
                .all();
    }

    /** The oldest of them; not more than anybody reads. */
    Flux<Untold> untold(String endpoint) {
        return database.sql(UNTOLD).bind("endpoint", endpoint).map(row -> new Untold(row)).all();
    }

    /** Has all that was given up told anew; how many that are. */
    Mono<Long> replay(String endpoint, Duration retryFor) {
        return database.sql(REPLAY + "AND state = 'given_up'")
                .bind("endpoint", endpoint)
                .bind("retry", retryFor.toMillis())
                .fetch()
                .rowsUpdated();
    }

    /** Has one told anew, also one that was told; 1, or 0 where there is none of that id. */
    Mono<Long> replay(String endpoint, UUID event, Duration retryFor) {
        return database.sql(REPLAY + "AND event = :event")
                .bind("endpoint", endpoint)
                .bind("event", event)
                .bind("retry", retryFor.toMillis())
                .fetch()
                .rowsUpdated();
    }

    /** Lets an endpoint that is gone, or paused, be told again; 0 where it was neither. */
    Mono<Long> enable(String endpoint) {
        return database.sql(ENABLE).bind("endpoint", endpoint).fetch().rowsUpdated();
    }

    private static <T> T required(@Nullable T value) {
        return Objects.requireNonNull(value);
    }
}
