package nod.gateway.security;

import reactor.core.publisher.Mono;

/** The JWTs that authentik issued. */
@FunctionalInterface
public interface Jwts {

    /**
     * Whoever a JWT stands for. Never blocks the thread that subscribes.
     *
     * @return never empty; fails with {@link CredentialFailure} where the JWT is not good or good
     *     for nothing, and with {@link CredentialsUnavailable} where that can't be told for now
     */
    Mono<Caller> caller(BearerToken token);
}
