package nod.simulators.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Keys and certificates as PEM text (RFC 7468): PKCS #8 private keys, X.509 public ones. */
public final class Pem {

    private static final String PRIVATE_KEY = "PRIVATE KEY";
    private static final String PUBLIC_KEY = "PUBLIC KEY";

    private Pem() {}

    /** The key as an unencrypted PKCS #8 block, which ends in a newline. */
    public static String of(PrivateKey key) {
        return block(PRIVATE_KEY, key.getEncoded());
    }

    /** The key as an X.509 SubjectPublicKeyInfo block, which ends in a newline. */
    public static String of(PublicKey key) {
        return block(PUBLIC_KEY, key.getEncoded());
    }

    /**
     * Reads an unencrypted PKCS #8 key.
     *
     * @param algorithm as {@link KeyFactory} names it, such as {@code RSA} or {@code EC}
     * @throws GeneralSecurityException when the file isn't such a key
     */
    public static PrivateKey privateKey(Path file, String algorithm)
            throws IOException, GeneralSecurityException {
        byte[] der = content(file, PRIVATE_KEY);
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    /**
     * Reads an X.509 SubjectPublicKeyInfo.
     *
     * @param algorithm as {@link KeyFactory} names it
     * @throws GeneralSecurityException when the file isn't such a key
     */
    public static PublicKey publicKey(Path file, String algorithm)
            throws IOException, GeneralSecurityException {
        byte[] der = content(file, PUBLIC_KEY);
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
    }

    /** Whether these two EC keys are one pair. */
    public static boolean belongTogether(PrivateKey secret, PublicKey known)
            throws GeneralSecurityException {
        byte[] probe = {1, 2, 3};
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(secret);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(known);
        signature.update(probe);
        return signature.verify(signed);
    }

    static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
    }

    private static String block(String label, byte[] der) {
        Base64.Encoder lines = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(label, lines.encodeToString(der));
    }

    private static byte[] content(Path file, String label)
            throws IOException, GeneralSecurityException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        String begin = "-----BEGIN " + label + "-----";
        int from = text.indexOf(begin);
        int to = text.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            throw new GeneralSecurityException(file + " holds no PEM block " + label);
        }
        try {
            return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException(file + " holds a broken PEM block", e);
        }
    }
}
