package nod.gateway.security;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes tokens: 256 bits of a cryptographic random source, as base64url. Thread-safe. */
public final class Tokens {

    private static final int BYTES = 32;

    private final SecureRandom random = new SecureRandom();

    /** A token nobody had before; 43 characters. */
    public String next() {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
