package nod.gateway.security.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;

import org.springframework.security.oauth2.jwt.BadJwtException;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * Checks the signatures of JWTs with the keys that the issuer publishes, which are kept for a
 * while. Blocks where they have to be fetched. Thread-safe.
 */
final class Signatures implements AutoCloseable {

    /**
     * What authentik signs with. Neither none nor a symmetric algorithm can be added by a header.
     */
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(JWSAlgorithm.RS256, JWSAlgorithm.ES256, JWSAlgorithm.ES384, JWSAlgorithm.ES512);

    /**
     * A key id that nobody knows has the keys fetched at once, but twice within this time at most,
     * however many such ids are made up.
     */
    static final Duration FETCH_INTERVAL = Duration.ofSeconds(5);

    private final PublishedKeys published;
    private final JWKSource<SecurityContext> keys;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /**
     * @param published where the keys are
     * @param lifetime how long a fetched key is good without another look
     * @param outageTolerance how long after the last fetch that went well they are good where no
     *     other does
     * @param threads fetches in the background when they get old
     */
    Signatures(
            PublishedKeys published,
            Duration lifetime,
            Duration outageTolerance,
            ExecutorService threads) {
        this.published = published;
        this.keys = kept(published, lifetime, outageTolerance, threads);
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(
                        JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null));
        // The decoder looks at the claims, by the clock that it was given.
        processor.setJWTClaimsSetVerifier((_, _) -> {});
    }

    private static JWKSource<SecurityContext> kept(
            PublishedKeys published,
            Duration lifetime,
            Duration outageTolerance,
            ExecutorService threads) {
        var wait = PublishedKeys.TIMEOUT.plusSeconds(1);
        return JWKSourceBuilder.create(published)
                .cache(lifetime.toMillis(), wait.toMillis())
                .refreshAheadCache(lifetime.toMillis() / 4, null, threads, false, null, false)
                .rateLimited(FETCH_INTERVAL.toMillis())
                .outageTolerant(outageTolerance.toMillis())
                .build();
    }

    /**
     * The claims of a JWT whose signature is good.
     *
     * @throws BadJwtException where it is not
     * @throws KeysUnavailableException where that can't be told for now
     */
    JWTClaimsSet verified(JWT jwt) {
        try {
            return processor.process(jwt, null);
        } catch (RateLimitReachedException soonAgain) {
            requireKeys();
            throw new BadJwtException("No key with the id of the JWT was known a moment ago");
        } catch (KeySourceException outage) {
            throw new KeysUnavailableException(outage);
        } catch (BadJOSEException | JOSEException refused) {
            throw new BadJwtException(String.valueOf(refused.getMessage()), refused);
        }
    }

    /** Lets go of the connections to the issuer. */
    @Override
    public void close() {
        published.close();
    }

    /** Fetches the keys if none are known. */
    void requireKeys() {
        try {
            keys.get(new JWKSelector(new JWKMatcher.Builder().build()), null);
        } catch (KeySourceException outage) {
            throw new KeysUnavailableException(outage);
        }
    }
}
