package nod.gateway.security.apikey;

import static java.util.Objects.requireNonNull;

import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;

import nod.gateway.security.TokenHash;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** The keys of the table {@code api_key}, as hashes; the database's clock says which are alive. */
@Repository
class ApiKeyTable {

    private final DatabaseClient database;

    ApiKeyTable(DatabaseClient database) {
        this.database = database;
    }

    /**
     * A key that is alive.
     *
     * @param left how long it still is; null: until revoked
     */
    record LiveKey(TokenHash hash, String name, @Nullable Duration left) {}

    /** A key as an administrator sees it. */
    record Entry(
            UUID id,
            String name,
            State state,
            Instant created,
            @Nullable Instant expires,
            @Nullable Instant revoked) {

        enum State {
            LIVE,
            EXPIRED,
            REVOKED
        }
    }

    /** Every key that is alive. */
    Flux<LiveKey> live() {
        return database.sql(
                        """
                        SELECT hash, name, extract(epoch FROM expires - now())::float8 AS seconds
                        FROM api_key
                        WHERE revoked IS NULL AND (expires IS NULL OR expires > now())
                        """)
                .map(ApiKeyTable::liveKey)
                .all();
    }

    private static LiveKey liveKey(Readable row) {
        var seconds = row.get("seconds", Double.class);
        return new LiveKey(
                TokenHash.ofBytes(requireNonNull(row.get("hash", byte[].class))),
                requireNonNull(row.get("name", String.class)),
                seconds == null ? null : Duration.ofMillis((long) (seconds * 1000)));
    }

    /**
     * Adds a key.
     *
     * @param lifetime null: it lives until it is revoked
     */
    Mono<Entry> add(String name, TokenHash hash, @Nullable Duration lifetime) {
        return database.sql(
                        """
                        INSERT INTO api_key (id, name, hash, expires)
                        VALUES (gen_random_uuid(), :name, :hash,
                                now() + CAST(:lifetime AS bigint) * interval '1 millisecond')
                        RETURNING *, now() AS at
                        """)
                .bind("name", name)
                .bind("hash", hash.bytes())
                .bind(
                        "lifetime",
                        lifetime == null
                                ? Parameters.in(Long.class)
                                : Parameters.in(lifetime.toMillis()))
                .map(ApiKeyTable::entry)
                .one();
    }

    /** Every key that ever was, oldest first. */
    Flux<Entry> all() {
        return database.sql("SELECT *, now() AS at FROM api_key ORDER BY created, id")
                .map(ApiKeyTable::entry)
                .all();
    }

    /** Revokes a key; one that was revoked before stays so. Empty where there is none. */
    Mono<Entry> revoke(UUID id) {
        return database.sql(
                        """
                        UPDATE api_key SET revoked = COALESCE(revoked, now()) WHERE id = :id
                        RETURNING *, now() AS at
                        """)
                .bind("id", id)
                .map(ApiKeyTable::entry)
                .one();
    }

    private static Entry entry(Readable row) {
        var expires = row.get("expires", Instant.class);
        var revoked = row.get("revoked", Instant.class);
        var now = requireNonNull(row.get("at", Instant.class));
        return new Entry(
                requireNonNull(row.get("id", UUID.class)),
                requireNonNull(row.get("name", String.class)),
                revoked != null
                        ? Entry.State.REVOKED
                        : expires != null && !expires.isAfter(now)
                                ? Entry.State.EXPIRED
                                : Entry.State.LIVE,
                requireNonNull(row.get("created", Instant.class)),
                expires,
                revoked);
    }
}
