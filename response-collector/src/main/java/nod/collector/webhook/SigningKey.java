package nod.collector.webhook;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What messages are signed with: {@code whsec_} and a shared secret of 24 to 64 bytes, or {@code
 * whsk_} and an Ed25519 private key, in base64. It never prints itself. Thread-safe.
 */
public final class SigningKey {

    private static final String SHARED = "whsec_";
    private static final String PRIVATE = "whsk_";

    private static final int MIN_SHARED = 24;
    private static final int MAX_SHARED = 64;
    private static final int ED25519 = 32;

    /** What stands before the 32 bytes in the X.509 encoding of a public Ed25519 key (RFC 8410). */
    private static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    private final Optional<Scheme> scheme;

    public SigningKey(String value) {
        this.scheme = parse(value.strip());
    }

    /** How a key signs. */
    private interface Scheme {

        String sign(byte[] content) throws GeneralSecurityException;
    }

    /** Whether it is of a form that signs. */
    public boolean isUsable() {
        return scheme.isPresent();
    }

    /**
     * The signature with its version, as it stands in the header.
     *
     * @throws IllegalStateException where the key is not usable
     */
    String sign(byte[] content) {
        try {
            return scheme.orElseThrow(() -> new IllegalStateException("no usable key"))
                    .sign(content);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK signs so", impossible);
        }
    }

    private static Optional<Scheme> parse(String value) {
        try {
            if (value.startsWith(SHARED)) {
                return shared(Base64.getDecoder().decode(value.substring(SHARED.length())));
            }
            if (value.startsWith(PRIVATE)) {
                return ed25519(Base64.getDecoder().decode(value.substring(PRIVATE.length())));
            }
            return Optional.empty();
        } catch (IllegalArgumentException | GeneralSecurityException malformed) {
            return Optional.empty();
        }
    }

    private static Optional<Scheme> shared(byte[] secret) {
        if (secret.length < MIN_SHARED || secret.length > MAX_SHARED) {
            return Optional.empty();
        }
        var key = new SecretKeySpec(secret, "HmacSHA256");
        return Optional.of(content -> "v1," + base64(hmac(key, content)));
    }

    private static byte[] hmac(SecretKeySpec key, byte[] content) throws GeneralSecurityException {
        var mac = Mac.getInstance(key.getAlgorithm());
        mac.init(key);
        return mac.doFinal(content);
    }

    /** Some write the private key alone, some the public one behind it. */
    private static Optional<Scheme> ed25519(byte[] bytes) throws GeneralSecurityException {
        if (bytes.length != ED25519 && bytes.length != 2 * ED25519) {
            return Optional.empty();
        }
        var key =
                KeyFactory.getInstance("Ed25519")
                        .generatePrivate(
                                new EdECPrivateKeySpec(
                                        NamedParameterSpec.ED25519, Arrays.copyOf(bytes, ED25519)));
        if (bytes.length > ED25519
                && !belongsTo(Arrays.copyOfRange(bytes, ED25519, bytes.length), key)) {
            return Optional.empty();
        }
        return Optional.of(content -> "v1a," + base64(signature(key, content)));
    }

    private static boolean belongsTo(byte[] publicKey, PrivateKey key)
            throws GeneralSecurityException {
        var encoded = Arrays.copyOf(X509, X509.length + ED25519);
        System.arraycopy(publicKey, 0, encoded, X509.length, ED25519);
        var verifier = Signature.getInstance("Ed25519");
        verifier.initVerify(
                KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
        verifier.update(X509);
        return verifier.verify(signature(key, X509));
    }

    private static byte[] signature(PrivateKey key, byte[] content)
            throws GeneralSecurityException {
        var signer = Signature.getInstance("Ed25519");
        signer.initSign(key);
        signer.update(content);
        return signer.sign();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
