package nod.gateway.transaction;

import static java.util.Objects.requireNonNull;

import nod.gateway.security.Caller;
import nod.gateway.web.Refusal;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.UUID;

/** Remembers what was started under which Idempotency-Key. A key belongs to its credential. */
@Repository
class IdempotencyKeys {

    private static final String FIELD = "Idempotency-Key";

    private final DatabaseClient database;

    IdempotencyKeys(DatabaseClient database) {
        this.database = database;
    }

    private record Used(UUID txId, byte[] request, boolean alive) {}

    /**
     * The transaction that the same request started under this key.
     *
     * @return empty where the key is new; fails where it was used for another request or its
     *     transaction has expired
     */
    Mono<UUID> find(Caller caller, String key, Start start) {
        return database.sql(
                        """
                        SELECT tx_id, request, expires > now() AS alive FROM idempotency
                        WHERE credential = :credential AND key = :key
                        """)
                .bind("credential", name(caller))
                .bind("key", key)
                .map(
                        row ->
                                new Used(
                                        requireNonNull(row.get("tx_id", UUID.class)),
                                        requireNonNull(row.get("request", byte[].class)),
                                        requireNonNull(row.get("alive", Boolean.class))))
                .one()
                .map(used -> transactionOf(used, start));
    }

    private static UUID transactionOf(Used used, Start start) {
        if (!MessageDigest.isEqual(used.request, digest(start))) {
            throw Refusal.invalid(FIELD, "This key was used for another request.");
        }
        if (!used.alive) {
            throw Refusal.invalid(FIELD, "The transaction of this key has expired.");
        }
        return used.txId;
    }

    /**
     * Remembers a start; false where another start took the key meanwhile. Runs in the transaction
     * of the start, so that a refused one does not use the key up.
     */
    Mono<Boolean> remember(Caller caller, String key, Start start, UUID txId, Instant expires) {
        return database.sql(
                        """
                        INSERT INTO idempotency (credential, key, request, tx_id, expires)
                        VALUES (:credential, :key, :request, :tx, :expires)
                        ON CONFLICT DO NOTHING
                        """)
                .bind("credential", name(caller))
                .bind("key", key)
                .bind("request", digest(start))
                .bind("tx", txId)
                .bind("expires", expires)
                .fetch()
                .rowsUpdated()
                .map(rows -> rows == 1);
    }

    private static String name(Caller caller) {
        var actor = caller.actor();
        return actor.kind() + ":" + actor.id();
    }

    private static byte[] digest(Start start) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(start.meaning());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
