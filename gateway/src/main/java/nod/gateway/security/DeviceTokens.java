package nod.gateway.security;

import static java.util.Objects.requireNonNull;

import io.r2dbc.spi.Readable;

import nod.gateway.security.phonekey.ProofKey;
import nod.messaging.batch.Batches;
import nod.messaging.batch.Gathering;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.LongStream;

/** The tokens of the phones, as hashes, each bound to one device. */
@Repository
public class DeviceTokens {

    /** The more come in the meantime, the fewer statements each takes. */
    private static final int FINDS_AT_ONCE = 1;

    private static final int FINDS_TOGETHER = 100;

    /** The first thing that a phone's call does: what follows is done together without waiting. */
    private static final Duration CLOSE = Duration.ofMillis(8);

    private static final Duration WAIT = Duration.ofMillis(8);

    private static final String FIND =
            """
            SELECT asked.nr, t.id, t.device, t.kind, t.spent IS NOT NULL AS spent,
                   coalesce(t.expires <= now(), false) AS expired,
                   (SELECT public_key::text FROM device d WHERE d.pk = t.device) AS public_key
            FROM unnest(:hashes) WITH ORDINALITY AS asked (hash, nr)
            JOIN device_token t ON t.hash = decode(asked.hash, 'hex')
            WHERE t.hash = ANY(ARRAY(SELECT decode(hash, 'hex') FROM unnest(:hashes) AS hash))
            """;

    private final DatabaseClient database;
    private final Batches<TokenHash, DeviceToken> finds =
            new Batches<>(FINDS_AT_ONCE, FINDS_TOGETHER, Gathering.of(CLOSE, WAIT), this::findAll);

    DeviceTokens(DatabaseClient database) {
        this.database = database;
    }

    /**
     * A token as it is stored.
     *
     * @param id its name in the API, which says nothing of the token
     * @param spent whether an enrollment token has enrolled its phone
     * @param expired whether it is good for nothing any more
     * @param key the key that the phone gave when it enrolled; null: none
     */
    public record DeviceToken(
            UUID id,
            UUID device,
            Kind kind,
            boolean spent,
            boolean expired,
            @Nullable ProofKey key) {

        /** What a token is for. */
        public enum Kind {
            /** Enrols the phone once, then only shows how the enrolment stands. */
            ENROLLMENT,
            /** Everything else that a phone does. */
            DEVICE
        }
    }

    /** The token with this hash, expired or not; empty where there is none. */
    Mono<DeviceToken> find(TokenHash hash) {
        return finds.ask(hash);
    }

    private Mono<List<Optional<DeviceToken>>> findAll(List<TokenHash> hashes) {
        return database.sql(FIND)
                .bind("hashes", hashes.stream().map(TokenHash::hex).toArray(String[]::new))
                .map(row -> Map.entry(requireNonNull(row.get("nr", Long.class)), token(row)))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue)
                .map(
                        found ->
                                LongStream.rangeClosed(1, hashes.size())
                                        .mapToObj(nr -> Optional.ofNullable(found.get(nr)))
                                        .toList());
    }

    private static DeviceToken token(Readable row) {
        var key = row.get("public_key", String.class);
        return new DeviceToken(
                requireNonNull(row.get("id", UUID.class)),
                requireNonNull(row.get("device", UUID.class)),
                DeviceToken.Kind.valueOf(
                        requireNonNull(row.get("kind", String.class)).toUpperCase(Locale.ROOT)),
                requireNonNull(row.get("spent", Boolean.class)),
                requireNonNull(row.get("expired", Boolean.class)),
                key == null ? null : ProofKey.stored(key));
    }

    /** The ids of a device's tokens, oldest first. */
    public Flux<UUID> idsOf(UUID device) {
        return database.sql(
                        "SELECT id FROM device_token WHERE device = :device ORDER BY created, id")
                .bind("device", device)
                .map(row -> requireNonNull(row.get("id", UUID.class)))
                .all();
    }

    /** Stores an enrollment token; returns when it expires, by the database's clock. */
    public Mono<Instant> addEnrollmentToken(UUID device, TokenHash hash, Duration lifetime) {
        return database.sql(
                        """
                        INSERT INTO device_token (id, device, kind, hash, expires)
                        VALUES (gen_random_uuid(), :device, 'enrollment', :hash,
                                now() + :lifetime * interval '1 millisecond')
                        RETURNING expires
                        """)
                .bind("device", device)
                .bind("hash", hash.bytes())
                .bind("lifetime", lifetime.toMillis())
                .map(row -> requireNonNull(row.get("expires", Instant.class)))
                .one();
    }

    /** Spends an enrollment token; false where it was spent or has expired meanwhile. */
    public Mono<Boolean> spend(UUID token) {
        return database.sql(
                        """
                        UPDATE device_token SET spent = now()
                        WHERE id = :id AND kind = 'enrollment' AND spent IS NULL AND expires > now()
                        """)
                .bind("id", token)
                .fetch()
                .rowsUpdated()
                .map(rows -> rows == 1);
    }

    /** Stores the device's token in place of an earlier one. */
    public Mono<Void> replaceDeviceToken(UUID device, TokenHash hash) {
        var delete =
                database.sql("DELETE FROM device_token WHERE device = :device AND kind = 'device'")
                        .bind("device", device)
                        .then();
        var insert =
                database.sql(
                                """
                                INSERT INTO device_token (id, device, kind, hash)
                                VALUES (gen_random_uuid(), :device, 'device', :hash)
                                """)
                        .bind("device", device)
                        .bind("hash", hash.bytes())
                        .then();
        return delete.then(insert);
    }
}
