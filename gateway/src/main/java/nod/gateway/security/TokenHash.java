package nod.gateway.security;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The SHA-256 of a token: what is stored and looked up. A token has 256 random bits, so a plain
 * hash can't be reversed by guessing.
 */
public final class TokenHash {

    private static final int LENGTH = 32;

    private final byte[] bytes;

    private TokenHash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The hash of a token. */
    public static TokenHash of(String token) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return new TokenHash(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** A hash that was computed before, from its 32 bytes. */
    public static TokenHash ofBytes(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException(
                    bytes.length + " bytes, expected the " + LENGTH + " of a SHA-256");
        }
        return new TokenHash(bytes.clone());
    }

    /** The 32 bytes, a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /** The bytes in hexadecimal: the driver takes arrays of texts, not of bytes. */
    public String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** Compares in a time that does not depend on where the hashes differ. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TokenHash hash && MessageDigest.isEqual(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
