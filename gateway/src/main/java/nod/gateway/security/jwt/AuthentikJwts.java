package nod.gateway.security.jwt;

import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;

import nod.gateway.GatewaySettings;
import nod.gateway.security.BearerToken;
import nod.gateway.security.Caller;
import nod.gateway.security.CredentialFailure;
import nod.gateway.security.CredentialsUnavailable;
import nod.gateway.security.Jwts;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusReactiveJwtDecoder;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * Verifies JWTs and tells for whom they act. The work is done on a scheduler of its own: it
 * computes for long as an event loop counts, and waits where the issuer's keys have to be fetched.
 */
final class AuthentikJwts implements Jwts, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AuthentikJwts.class);

    /** How far the issuer's clock may be ahead or behind. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    private final NimbusReactiveJwtDecoder decoder;
    private final Authority authority;
    private final Signatures signatures;
    private final Scheduler scheduler;

    /**
     * @param issuer what {@code iss} has to be
     * @param threads where it may wait; shut down with this
     */
    AuthentikJwts(
            GatewaySettings.Jwt settings,
            String issuer,
            Signatures signatures,
            Clock clock,
            ExecutorService threads) {
        this.decoder =
                new NimbusReactiveJwtDecoder(
                        (JWT jwt) ->
                                Mono.<JWTClaimsSet>fromCallable(() -> signatures.verified(jwt)));
        decoder.setJwtValidator(claims(issuer, settings.audiences(), clock));
        this.authority = new Authority(settings.deploymentScope(), settings.ownerScope());
        this.signatures = signatures;
        this.scheduler = Schedulers.fromExecutorService(threads);
    }

    private static OAuth2TokenValidator<Jwt> claims(
            String issuer, Set<String> audiences, Clock clock) {
        var times = new JwtTimestampValidator(CLOCK_SKEW);
        times.setAllowEmptyExpiryClaim(false);
        times.setClock(clock);
        var audience =
                new JwtClaimValidator<Collection<String>>(
                        JwtClaimNames.AUD,
                        claim -> claim != null && !Collections.disjoint(claim, audiences));
        return new DelegatingOAuth2TokenValidator<>(
                times, new JwtIssuerValidator(issuer), audience);
    }

    @Override
    public Mono<Caller> caller(BearerToken token) {
        return Mono.defer(() -> decoder.decode(token.value()))
                .subscribeOn(scheduler)
                .onErrorMap(JwtException.class, AuthentikJwts::refusal)
                .map(
                        jwt ->
                                authority
                                        .of(jwt.getClaims())
                                        .orElseThrow(CredentialFailure::noPermission));
    }

    @Override
    public void close() {
        scheduler.dispose();
        signatures.close();
    }

    private static RuntimeException refusal(JwtException failure) {
        if (failure instanceof KeysUnavailableException) {
            return new CredentialsUnavailable(
                    "The keys of the JWT's issuer can't be had.", Signatures.FETCH_INTERVAL);
        }
        // For whoever sets this up. The message names claims and reasons, never the JWT.
        log.debug("A JWT was refused: {}", failure.getMessage());
        return CredentialFailure.invalid();
    }
}
