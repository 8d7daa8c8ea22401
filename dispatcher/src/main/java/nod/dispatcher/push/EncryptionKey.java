package nod.dispatcher.push;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * What a phone's pushes are sealed for: its X25519 public key (RFC 7748), 32 bytes. That it can be
 * used shows only when something is sealed.
 */
public final class EncryptionKey {

    private static final int LENGTH = 32;

    private final byte[] bytes;

    private EncryptionKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Copies the bytes.
     *
     * @throws IllegalArgumentException unless they are 32
     */
    public static EncryptionKey of(byte[] bytes) {
        if (bytes.length != LENGTH) {
            throw new IllegalArgumentException(
                    "an encryption key of %d bytes, expected %d".formatted(bytes.length, LENGTH));
        }
        return new EncryptionKey(bytes.clone());
    }

    /** A copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EncryptionKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Not the key: it is no secret, but tells a phone from all others. */
    @Override
    public String toString() {
        return "EncryptionKey";
    }
}
