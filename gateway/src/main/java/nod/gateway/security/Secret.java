package nod.gateway.security;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * An API key of the configuration: the key itself, or {@code sha256:} and its SHA-256 as 64
 * hexadecimal digits, so that the configuration holds no secret. It never prints itself.
 */
public final class Secret {

    private static final String HASHED = "sha256:";
    private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");

    /** 32 random bytes written as text are longer; what is shorter was made up by hand. */
    private static final int MIN_BYTES = 32;

    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /** The SHA-256 of the key, the only form in which it is compared. */
    public TokenHash hash() {
        return value.startsWith(HASHED)
                ? TokenHash.ofBytes(HexFormat.of().parseHex(value, HASHED.length(), value.length()))
                : TokenHash.of(value);
    }

    /** Whether it is a whole hash, or a key that nobody guesses. */
    public boolean isUsable() {
        return value.startsWith(HASHED)
                ? HASH.matcher(value.substring(HASHED.length())).matches()
                : value.getBytes(StandardCharsets.UTF_8).length >= MIN_BYTES;
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
