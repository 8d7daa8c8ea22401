package nod.gateway.security.apikey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.UUID;

/** What an administrator wants done with the API keys. */
sealed interface ApiKeyCommand {

    /**
     * Makes a key.
     *
     * @param lifetime null: until it is revoked
     */
    record Create(String name, @Nullable Duration lifetime) implements ApiKeyCommand {}

    /** Shows all keys. */
    record ListAll() implements ApiKeyCommand {}

    /** Ends a key. */
    record Revoke(UUID id) implements ApiKeyCommand {}
}
