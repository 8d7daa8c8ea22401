package nod.gateway.security;

import nod.gateway.security.phonekey.ProofKey;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Mono;

import java.util.UUID;

/** The proofs of phones that they hold the key which they gave (RFC 9449). */
@FunctionalInterface
public interface Proofs {

    /**
     * Lets a phone pass whose request carries a good proof, which is used up with that.
     *
     * @param device the phone's device
     * @param key the phone's key; null: it gave none, and passes if that is allowed
     * @param request its token is good
     * @return empty where the phone passes; fails with {@link CredentialFailure} where it does not
     */
    Mono<Void> require(UUID device, @Nullable ProofKey key, Presented request);
}
