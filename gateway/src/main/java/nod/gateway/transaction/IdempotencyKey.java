package nod.gateway.transaction;

import nod.gateway.security.Caller;
import nod.gateway.web.Refusal;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * The key under which a start is remembered. It belongs to its credential.
 *
 * @param credential whose key it is
 * @param key as the caller gave it
 * @param request the SHA-256 of what the request means
 */
record IdempotencyKey(String credential, String key, byte[] request) {

    private static final String FIELD = "Idempotency-Key";

    /** Null where the caller gave none. */
    static @Nullable IdempotencyKey of(Caller caller, @Nullable String key, Start start) {
        var actor = caller.actor();
        return key == null
                ? null
                : new IdempotencyKey(actor.kind() + ":" + actor.id(), key, digest(start));
    }

    /**
     * What was started under a key.
     *
     * @param request as of the key
     * @param alive whether the transaction's time is not over
     */
    record Used(UUID txId, byte[] request, boolean alive) {}

    /**
     * The transaction that this request started before.
     *
     * @throws Refusal where the key was used for another request or its transaction has expired
     */
    UUID transactionOf(Used used) {
        if (!MessageDigest.isEqual(used.request, request)) {
            throw Refusal.invalid(FIELD, "This key was used for another request.");
        }
        if (!used.alive) {
            throw Refusal.invalid(FIELD, "The transaction of this key has expired.");
        }
        return used.txId;
    }

    private static byte[] digest(Start start) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(start.meaning());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
