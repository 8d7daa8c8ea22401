package nod.simulators.fcm;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The access tokens that were issued and are still good. Lost at a restart, as clients expect. */
final class AccessTokens {

    /** What Google says of its own. */
    static final Duration LIFETIME = Duration.ofSeconds(3599);

    private static final int KEPT = 10_000;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Grant> grants =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Grant> eldest) {
                    return size() > KEPT;
                }
            };

    AccessTokens(Clock clock) {
        this.clock = clock;
    }

    /** What a token allows: the scopes, separated by blanks. */
    record Grant(Instant expires, String scope) {

        private static final String MESSAGING =
                "https://www.googleapis.com/auth/firebase.messaging";
        private static final String EVERYTHING = "https://www.googleapis.com/auth/cloud-platform";

        boolean allowsMessaging() {
            return (" " + scope + " ").contains(" " + MESSAGING + " ")
                    || (" " + scope + " ").contains(" " + EVERYTHING + " ");
        }
    }

    String issue(String scope) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String token = "ya29." + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        synchronized (grants) {
            grants.put(token, new Grant(clock.instant().plus(LIFETIME), scope));
        }
        return token;
    }

    Optional<Grant> grant(String token) {
        synchronized (grants) {
            return Optional.ofNullable(grants.get(token))
                    .filter(grant -> clock.instant().isBefore(grant.expires()));
        }
    }

    void revokeAll() {
        synchronized (grants) {
            grants.clear();
        }
    }
}
