package nod.gateway.security;

import nod.gateway.security.DeviceTokens.DeviceToken;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Mono;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Finds out who calls, by the Authorization header. Thread-safe. */
public final class Credentials {

    private final Map<TokenHash, String> apiKeyNames;
    private final DeviceTokens deviceTokens;

    /**
     * @param apiKeys the deployment's API keys by name
     * @param deviceTokens the tokens of the phones
     */
    public Credentials(Map<String, Secret> apiKeys, DeviceTokens deviceTokens) {
        this.apiKeyNames =
                apiKeys.entrySet().stream()
                        .collect(
                                Collectors.toUnmodifiableMap(
                                        key -> key.getValue().hash(), Map.Entry::getKey));
        this.deviceTokens = deviceTokens;
    }

    /**
     * Finds out who calls.
     *
     * @param authorization the Authorization header; null where there is none
     * @param access what the resource takes
     * @param device the device that the path names; null where it names none
     * @return the caller; fails with {@link CredentialFailure}
     */
    public Mono<Caller> authenticate(
            @Nullable String authorization, Access access, @Nullable String device) {
        return access == Access.ANYONE
                ? Mono.just(new Caller.Anyone())
                : holder(authorization, access, device);
    }

    private Mono<Caller> holder(
            @Nullable String authorization, Access access, @Nullable String device) {
        return Mono.fromCallable(() -> bearerToken(authorization))
                .flatMap(
                        token ->
                                switch (access) {
                                    case ANYONE, AUTHENTIK -> deployment(token);
                                    case DEVICE, ENROLLMENT, DEVICE_OR_ENROLLMENT ->
                                            phone(token, access, device);
                                });
    }

    private static TokenHash bearerToken(@Nullable String authorization) {
        var words = authorization == null ? new String[0] : authorization.strip().split("\\s+", 2);
        if (words.length < 2) {
            throw CredentialFailure.notProvided();
        }
        if (!words[0].toLowerCase(Locale.ROOT).equals("bearer")) {
            throw CredentialFailure.unsupportedScheme();
        }
        return TokenHash.of(words[1]);
    }

    private Mono<Caller> deployment(TokenHash token) {
        var name = apiKeyNames.get(token);
        return name == null
                ? Mono.error(CredentialFailure.invalid())
                : Mono.just(new Caller.Deployment(name));
    }

    private Mono<Caller> phone(TokenHash hash, Access access, @Nullable String device) {
        return deviceTokens
                .findAlive(hash)
                .switchIfEmpty(Mono.error(CredentialFailure::invalid))
                .map(token -> admitted(token, access, device));
    }

    private static Caller admitted(DeviceToken token, Access access, @Nullable String device) {
        if (!token.device().toString().equalsIgnoreCase(device)) {
            throw CredentialFailure.noPermission();
        }
        var admitted =
                switch (access) {
                    case DEVICE -> token.kind() == DeviceToken.Kind.DEVICE;
                    case ENROLLMENT -> token.kind() == DeviceToken.Kind.ENROLLMENT;
                    case DEVICE_OR_ENROLLMENT -> true;
                    case ANYONE, AUTHENTIK -> false;
                };
        if (!admitted) {
            throw CredentialFailure.noPermission();
        }
        if (access == Access.ENROLLMENT && token.spent()) {
            throw CredentialFailure.invalid();
        }
        return new Caller.Phone(token.device(), token.id());
    }
}
