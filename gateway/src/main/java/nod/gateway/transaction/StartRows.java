package nod.gateway.transaction;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import io.r2dbc.spi.Readable;

import nod.messaging.outbox.Outbox;
import nod.schemas.event.TransactionContext;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** What a start reads and writes: a statement for each, for every way to the database counts. */
@Repository
class StartRows {

    private static final String BEFORE =
            """
            SELECT used.tx_id, used.request, used.expires > now() AS alive,
                   ARRAY(SELECT pk FROM device d WHERE d.user_id = wish.user_id AND confirmed
                         ORDER BY created, pk) AS devices,
                   (SELECT count(*) FROM transaction t
                    WHERE t.user_id = wish.user_id AND %s) > 0 AS asked
            FROM unnest(:users, :credentials, :keys)
                WITH ORDINALITY AS wish (user_id, credential, key, nr)
            LEFT JOIN LATERAL (
                SELECT * FROM idempotency i
                WHERE i.credential = wish.credential AND i.key = wish.key
                LIMIT 1
            ) used ON true
            ORDER BY wish.nr
            """
                    .formatted(OpenCondition.BY_USER);

    /** Keys are taken in one order everywhere, so that two starts don't wait for each other. */
    private static final String ADD =
            """
            WITH wish AS MATERIALIZED (
                SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS wish (
                    tx_id uuid, user_id text, devices uuid[], mode text, item text, items text[],
                    traceparent text, title text, body text, context jsonb, seconds integer,
                    credential text, key text, request text)
            ), remembered AS (
                INSERT INTO idempotency (credential, key, request, tx_id, expires)
                SELECT credential, key, decode(request, 'hex'), tx_id,
                       statement_timestamp() + seconds * interval '1 second'
                FROM wish WHERE key IS NOT NULL
                ORDER BY credential, key
                ON CONFLICT DO NOTHING
                RETURNING tx_id
            ), fact AS (
                INSERT INTO transaction
                    (tx_id, user_id, created, devices, mode, item, items,
                     traceparent, title, body, context, expires)
                SELECT tx_id, user_id, statement_timestamp(), devices, mode, item, items,
                       traceparent, title, body, context,
                       statement_timestamp() + wish.seconds * interval '1 second'
                FROM wish
                WHERE key IS NULL OR tx_id IN (SELECT tx_id FROM remembered)
                RETURNING tx_id, created, expires, CAST(tx_id AS text) AS key,
                    traceparent AS trace,
                    jsonb_build_object('created', %s, 'expires', %s) AS known
            )
            """
                    .formatted(Outbox.time("created"), Outbox.time("expires"));

    private final DatabaseClient database;
    private final Outbox outbox;
    private final JsonMapper json;

    StartRows(DatabaseClient database, Outbox outbox, JsonMapper json) {
        this.database = database;
        this.outbox = outbox;
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

    /**
     * Reads what is there before these starts; the caller holds the rows of their users.
     *
     * @return in the order of the starts
     */
    Mono<List<Before>> before(List<Wish> wishes) {
        var keys = wishes.stream().map(Wish::key).map(Optional::ofNullable).toList();
        return database.sql(BEFORE)
                .bind("users", wishes.stream().map(Wish::user).toArray(String[]::new))
                .bind("credentials", texts(keys, IdempotencyKey::credential))
                .bind("keys", texts(keys, IdempotencyKey::key))
                .map(StartRows::standing)
                .all()
                .collectList();
    }

    private static @Nullable String[] texts(
            List<Optional<IdempotencyKey>> keys, Function<IdempotencyKey, String> text) {
        return keys.stream().map(key -> key.map(text).orElse(null)).toArray(String[]::new);
    }

    private static Before standing(Readable row) {
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
     * Inserts transactions, which begin with the statement: theirs may have waited for a turn.
     * Their keys are remembered with them, so that a start that is refused does not use a key up,
     * and the events that tell of them are written.
     *
     * @return the times of each; none of one whose key another start has, which was not inserted
     */
    Mono<Map<UUID, Times>> add(List<Beginning> beginnings) {
        var rows = json.writeValueAsString(beginnings.stream().map(Row::of).toList());
        return outbox.tell(
                        ADD,
                        statement -> statement.bind("rows", rows),
                        beginnings.stream().map(Beginning::told).toList(),
                        row -> Map.entry(requireNonNull(row.get("tx_id", UUID.class)), times(row)))
                .map(
                        begun ->
                                begun.stream()
                                        .collect(toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** A transaction's row and its key's, by the names of {@link #ADD}. */
    @JsonNaming(SnakeCaseStrategy.class)
    private record Row(
            UUID txId,
            String userId,
            List<UUID> devices,
            String mode,
            String item,
            List<String> items,
            String traceparent,
            String title,
            String body,
            TransactionContext context,
            int seconds,
            @Nullable String credential,
            @Nullable String key,
            @Nullable String request) {

        static Row of(Beginning beginning) {
            var start = beginning.start();
            var challenge = beginning.challenge();
            var key = beginning.key();
            return new Row(
                    beginning.txId(),
                    beginning.user(),
                    beginning.devices(),
                    start.mode().text(),
                    challenge.item(),
                    challenge.items(),
                    beginning.trace().value(),
                    start.title(),
                    start.body(),
                    start.context(),
                    start.expiresIn(),
                    key == null ? null : key.credential(),
                    key == null ? null : key.key(),
                    key == null ? null : HexFormat.of().formatHex(key.request()));
        }
    }

    private static Times times(Readable row) {
        return new Times(
                requireNonNull(row.get("created", Instant.class)),
                requireNonNull(row.get("expires", Instant.class)));
    }
}
