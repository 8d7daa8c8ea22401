package nod.gateway.security.apikey;

import nod.gateway.security.TokenHash;
import nod.gateway.security.apikey.ApiKeyTable.LiveKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The live keys as they were when the database was asked. What was left of a key's life then is
 * counted down here, so that a key expires in time while the database is away. Immutable.
 */
final class KeySnapshot {

    private final long taken;
    private final Map<TokenHash, LiveKey> keys;

    /**
     * @param taken when the database was asked, by {@link System#nanoTime}
     * @param keys what it said
     */
    KeySnapshot(long taken, List<LiveKey> keys) {
        this.taken = taken;
        this.keys = keys.stream().collect(Collectors.toUnmodifiableMap(LiveKey::hash, key -> key));
    }

    /** The name of the live key with this hash. */
    Optional<String> name(TokenHash hash, long now) {
        return Optional.ofNullable(keys.get(hash))
                .filter(key -> isLeft(key.left(), now))
                .map(LiveKey::name);
    }

    private boolean isLeft(@Nullable Duration left, long now) {
        return left == null || left.compareTo(age(now)) > 0;
    }

    /** How old it is. */
    Duration age(long now) {
        return Duration.ofNanos(now - taken);
    }

    /** How many keys were alive. */
    int size() {
        return keys.size();
    }
}
