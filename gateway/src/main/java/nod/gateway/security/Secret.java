package nod.gateway.security;

import java.nio.charset.StandardCharsets;

/** A secret of the configuration; it never prints itself. */
public final class Secret {

    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /** The SHA-256 of the secret, the only form in which it is compared. */
    TokenHash hash() {
        return TokenHash.of(value);
    }

    /** Its length in bytes of UTF-8. */
    public int length() {
        return value.getBytes(StandardCharsets.UTF_8).length;
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
