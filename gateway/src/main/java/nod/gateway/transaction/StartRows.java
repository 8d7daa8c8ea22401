package nod.gateway.transaction;

import static java.util.Objects.requireNonNull;

import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcType;
import io.r2dbc.spi.Readable;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What a start reads and writes: a statement for each, for every way to the database counts. */
@Repository
class StartRows {

    private final DatabaseClient database;
    private final JsonMapper json;

    StartRows(DatabaseClient database, JsonMapper json) {
        this.database = database;
        this.json = json;
    }

    /**
     * What is there before a start.
     *
     * @param used what was started under its key; null: nothing
     * @param devices the confirmed devices of the user, oldest first
     * @param asked whether a transaction of the user's is open
     */
    record Before(IdempotencyKey.@Nullable Used used, List<UUID> devices, boolean asked) {}

    /** When a new row begins and ends, by the database's clock. */
    record Times(Instant created, Instant expires) {}

    /** Another start took the same Idempotency-Key between our look and our insert. */
    static final class KeyTaken extends RuntimeException {
        KeyTaken() {
            super("the Idempotency-Key was taken meanwhile", null, false, false);
        }
    }

    /** The user whose confirmed device this is; empty where there is none. */
    Mono<String> userOf(UUID device) {
        return database.sql("SELECT user_id FROM device WHERE pk = :pk AND confirmed")
                .bind("pk", device)
                .map(row -> requireNonNull(row.get("user_id", String.class)))
                .one();
    }

    /** Reads what is there before a start of the user; the caller holds the user's row. */
    Mono<Before> before(String user, @Nullable IdempotencyKey key) {
        return database.sql(
                        """
                        SELECT used.tx_id, used.request, used.expires > now() AS alive,
                               ARRAY(SELECT pk FROM device WHERE user_id = :user AND confirmed
                                     ORDER BY created, pk) AS devices,
                               EXISTS (SELECT 1 FROM transaction
                                       WHERE user_id = :user AND %s) AS asked
                        FROM (VALUES (true)) AS once
                        LEFT JOIN idempotency used
                            ON used.credential = :credential AND used.key = :key
                        """
                                .formatted(Withdrawals.OPEN))
                .bind("user", user)
                .bind("credential", text(key == null ? null : key.credential()))
                .bind("key", text(key == null ? null : key.key()))
                .map(StartRows::before)
                .one();
    }

    private static Before before(Readable row) {
        var txId = row.get("tx_id", UUID.class);
        var used =
                txId == null
                        ? null
                        : new IdempotencyKey.Used(
                                txId,
                                requireNonNull(row.get("request", byte[].class)),
                                requireNonNull(row.get("alive", Boolean.class)));
        return new Before(
                used,
                List.of(requireNonNull(row.get("devices", UUID[].class))),
                requireNonNull(row.get("asked", Boolean.class)));
    }

    /**
     * Inserts a transaction, which begins with the statement: that may have waited for its turn.
     * Its key is remembered with it, so that a start that is refused does not use the key up.
     *
     * @return fails with {@link KeyTaken} where another start has the key
     */
    Mono<Times> add(Beginning beginning) {
        var start = beginning.start();
        var challenge = beginning.challenge();
        var key = beginning.key();
        return database.sql(
                        """
                        WITH started AS (
                            INSERT INTO transaction
                                (tx_id, user_id, created, devices, mode, item, items,
                                 traceparent, title, body, context, expires)
                            VALUES (:tx, :user, statement_timestamp(), :devices, :mode, :item, :items,
                                    :trace, :title, :body, CAST(:context AS jsonb),
                                    statement_timestamp() + :seconds * interval '1 second')
                            RETURNING created, expires
                        ), remembered AS (
                            INSERT INTO idempotency (credential, key, request, tx_id, expires)
                            SELECT :credential, :key, :request, :tx, expires FROM started
                            WHERE CAST(:key AS text) IS NOT NULL
                            ON CONFLICT DO NOTHING
                            RETURNING tx_id
                        )
                        SELECT created, expires,
                               CAST(:key AS text) IS NULL OR EXISTS (SELECT 1 FROM remembered) AS ours
                        FROM started
                        """)
                .bind("tx", beginning.txId())
                .bind("user", beginning.user())
                .bind("devices", beginning.devices().toArray(UUID[]::new))
                .bind("mode", start.mode().text())
                .bind("item", challenge.item())
                .bind("items", challenge.items().toArray(String[]::new))
                .bind("trace", beginning.trace().value())
                .bind("title", start.title())
                .bind("body", start.body())
                .bind("context", json.writeValueAsString(start.context()))
                .bind("seconds", start.expiresIn())
                .bind("credential", text(key == null ? null : key.credential()))
                .bind("key", text(key == null ? null : key.key()))
                .bind("request", bytes(key == null ? null : key.request()))
                .map(StartRows::times)
                .one()
                .map(times -> times.orElseThrow(KeyTaken::new));
    }

    /** Empty where the key is another start's. */
    private static Optional<Times> times(Readable row) {
        return requireNonNull(row.get("ours", Boolean.class))
                ? Optional.of(
                        new Times(
                                requireNonNull(row.get("created", Instant.class)),
                                requireNonNull(row.get("expires", Instant.class))))
                : Optional.empty();
    }

    private static Object text(@Nullable String value) {
        return Parameters.in(R2dbcType.VARCHAR, value);
    }

    private static Object bytes(byte @Nullable [] value) {
        return Parameters.in(R2dbcType.VARBINARY, value);
    }
}
