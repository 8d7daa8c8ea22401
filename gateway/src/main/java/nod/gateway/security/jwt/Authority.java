package nod.gateway.security.jwt;

import nod.gateway.security.Caller;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Decides for whom a verified JWT acts.
 *
 * @param deploymentScope what lets it act for the deployment
 * @param ownerScope what lets it act for its subject
 */
record Authority(String deploymentScope, String ownerScope) {

    /** The bound of a user in the API; a client's name is no longer in authentik either. */
    private static final int MAX_NAME = 255;

    /** For whom a JWT with these claims acts; empty where it may do nothing. */
    Optional<Caller> of(Map<String, Object> claims) {
        var scopes = scopes(claims.get("scope"));
        if (scopes.contains(deploymentScope)) {
            return Stream.of("azp", "client_id", "sub")
                    .flatMap(claim -> name(claims.get(claim)).stream())
                    .findFirst()
                    .map(Caller.Deployment::byJwt);
        }
        return scopes.contains(ownerScope)
                ? name(claims.get("sub")).map(Caller.Owner::new)
                : Optional.empty();
    }

    /** A text of scopes with blanks in between (RFC 8693), or a list with one in each element. */
    private static Set<String> scopes(@Nullable Object claim) {
        return switch (claim) {
            case String text -> Set.copyOf(Arrays.asList(text.split(" +")));
            case Collection<?> list ->
                    list.stream()
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .collect(Collectors.toUnmodifiableSet());
            case null, default -> Set.of();
        };
    }

    /** What can name a caller in events and a user in the database. */
    private static Optional<String> name(@Nullable Object claim) {
        return claim instanceof String text
                        && !text.isBlank()
                        && text.length() <= MAX_NAME
                        && text.indexOf('\0') < 0
                ? Optional.of(text)
                : Optional.empty();
    }
}
