package nod.gateway.security;

import nod.gateway.security.DeviceTokens.DeviceToken;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

/**
 * Finds out who calls, by the Authorization header and, for phones that gave a key, their proof.
 * Thread-safe.
 *
 * <p>A token is looked for first where the resource expects it, and only then elsewhere: a refused
 * caller is told whether the token is bad or good for something else, a good one pays nothing for
 * that.
 */
@Component
public final class Credentials {

    private final ApiKeys apiKeys;
    private final Jwts jwts;
    private final DeviceTokens deviceTokens;
    private final Proofs proofs;

    Credentials(ApiKeys apiKeys, Jwts jwts, DeviceTokens deviceTokens, Proofs proofs) {
        this.apiKeys = apiKeys;
        this.jwts = jwts;
        this.deviceTokens = deviceTokens;
        this.proofs = proofs;
    }

    /**
     * Finds out who calls.
     *
     * @param request what the request shows
     * @param access what the resource takes
     * @param device the device that the path names; null where it names none
     * @return the caller; fails with {@link CredentialFailure} or {@link CredentialsUnavailable}
     */
    public Mono<Caller> authenticate(Presented request, Access access, @Nullable String device) {
        return access == Access.ANYONE
                ? Mono.just(new Caller.Anyone())
                : Mono.fromCallable(request::token)
                        .flatMap(token -> holder(token, request, access, device));
    }

    private Mono<Caller> holder(
            BearerToken token, Presented request, Access access, @Nullable String device) {
        return switch (access) {
            case ANYONE, DEPLOYMENT, DEPLOYMENT_OR_OWNER ->
                    authentik(token)
                            .switchIfEmpty(refused(phone(token, access)))
                            .map(caller -> admitted(caller, access));
            case DEVICE, ENROLLMENT, DEVICE_OR_ENROLLMENT ->
                    phone(token, access)
                            .switchIfEmpty(refused(authentik(token)))
                            .flatMap(
                                    found ->
                                            proven(
                                                    admitted(found, access, device),
                                                    found,
                                                    request));
        };
    }

    /** An enrollment token belongs to no key yet: only its callback brings one, in its body. */
    private Mono<Caller> proven(Caller caller, DeviceToken token, Presented request) {
        return switch (token.kind()) {
            case ENROLLMENT -> Mono.just(caller);
            case DEVICE -> proofs.require(token.device(), token.key(), request).thenReturn(caller);
        };
    }

    /** Whoever the scheme {@code authentik} knows by this token; empty where nobody. */
    private Mono<Caller> authentik(BearerToken token) {
        return Mono.defer(
                () -> {
                    var deployment = apiKeys.find(token);
                    if (deployment.isPresent()) {
                        return Mono.<Caller>just(deployment.get());
                    }
                    return token.mayBeJwt() ? jwts.caller(token) : Mono.empty();
                });
    }

    /** The phone's token that this is; empty where it is none, or has expired. */
    private Mono<DeviceToken> phone(BearerToken token, Access access) {
        return Mono.defer(() -> token.mayBeOurs() ? deviceTokens.find(token.hash()) : Mono.empty())
                .filter(found -> isAlive(found, access));
    }

    private static boolean isAlive(DeviceToken token, Access access) {
        if (token.expired()) {
            refusedToEnrol(token, access, "it has expired");
        }
        return !token.expired();
    }

    private static void refusedToEnrol(DeviceToken token, Access access, String why) {
        if (access == Access.ENROLLMENT && token.kind() == DeviceToken.Kind.ENROLLMENT) {
            EnrollmentTokenUses.refused(token.device(), why);
        }
    }

    /** Nobody whom the resource expects: good for something else, or for nothing. */
    private static <T> Mono<T> refused(Mono<?> elsewhere) {
        return elsewhere
                .<T>handle((_, sink) -> sink.error(CredentialFailure.noPermission()))
                .switchIfEmpty(Mono.error(CredentialFailure::invalid));
    }

    private static Caller admitted(Caller caller, Access access) {
        var admitted =
                switch (caller) {
                    case Caller.Deployment _ -> true;
                    case Caller.Owner _ -> access == Access.DEPLOYMENT_OR_OWNER;
                    case Caller.Phone _, Caller.Anyone _ -> false;
                };
        if (!admitted) {
            throw CredentialFailure.noPermission();
        }
        return caller;
    }

    private static Caller admitted(DeviceToken token, Access access, @Nullable String device) {
        if (!token.device().toString().equalsIgnoreCase(device)) {
            refusedToEnrol(token, access, "the path names another device");
            throw CredentialFailure.noPermission();
        }
        var admitted =
                switch (access) {
                    case DEVICE -> token.kind() == DeviceToken.Kind.DEVICE;
                    case ENROLLMENT -> token.kind() == DeviceToken.Kind.ENROLLMENT;
                    case DEVICE_OR_ENROLLMENT -> true;
                    case ANYONE, DEPLOYMENT, DEPLOYMENT_OR_OWNER -> false;
                };
        if (!admitted) {
            throw CredentialFailure.noPermission();
        }
        if (access == Access.ENROLLMENT && token.spent()) {
            refusedToEnrol(token, access, "it was spent before");
            throw CredentialFailure.invalid();
        }
        return new Caller.Phone(token.device(), token.id());
    }
}
