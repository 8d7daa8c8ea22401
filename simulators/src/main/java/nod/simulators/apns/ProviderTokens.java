package nod.simulators.apns;

import com.eatthepath.pushy.apns.auth.ApnsVerificationKey;
import com.eatthepath.pushy.apns.auth.AuthenticationToken;

import nod.simulators.fault.ApnsReason;

import org.jspecify.annotations.Nullable;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * APNs' rules for provider authentication tokens: a JWT of a known key and team, signed with ES256,
 * issued within the last hour. pushy's own parser and verification are underneath, as in its mock
 * server.
 */
final class ProviderTokens {

    private static final Duration LIFETIME = Duration.ofHours(1);
    private static final Duration SKEW = Duration.ofMinutes(5);
    private static final String SCHEME = "bearer ";

    private final ApnsVerificationKey key;
    private final Clock clock;
    // Clients send one token thousands of times; its signature is verified once.
    private volatile @Nullable AuthenticationToken lastVerified;

    ProviderTokens(String keyId, String teamId, ECPublicKey publicKey, Clock clock) {
        this.clock = clock;
        try {
            key = new ApnsVerificationKey(keyId, teamId, publicKey);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JVM can verify with P-256 keys", e);
        }
    }

    /** Why a request with this {@code authorization} header is refused, or nothing. */
    Optional<ApnsReason> refusal(@Nullable String authorization) {
        if (authorization == null
                || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.of(ApnsReason.MISSING_PROVIDER_TOKEN);
        }
        return verified(authorization.substring(SCHEME.length()).strip())
                .map(this::untimely)
                .orElse(Optional.of(ApnsReason.INVALID_PROVIDER_TOKEN));
    }

    private Optional<AuthenticationToken> verified(String jwt) {
        AuthenticationToken last = lastVerified;
        if (last != null && last.toString().equals(jwt)) {
            return Optional.of(last);
        }
        try {
            AuthenticationToken token = new AuthenticationToken(jwt);
            if (!token.verifySignature(key)) {
                return Optional.empty();
            }
            lastVerified = token;
            return Optional.of(token);
        } catch (RuntimeException e) { // the parser meets missing claims with more than one kind
            return Optional.empty();
        }
    }

    private Optional<ApnsReason> untimely(AuthenticationToken token) {
        Instant now = clock.instant();
        Instant issued = token.getIssuedAt();
        if (issued.isBefore(now.minus(LIFETIME))) {
            return Optional.of(ApnsReason.EXPIRED_PROVIDER_TOKEN);
        }
        return issued.isAfter(now.plus(SKEW))
                ? Optional.of(ApnsReason.INVALID_PROVIDER_TOKEN)
                : Optional.empty();
    }
}
