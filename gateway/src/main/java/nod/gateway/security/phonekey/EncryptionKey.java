package nod.gateway.security.phonekey;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;

import javax.crypto.KeyAgreement;

/** The key that a phone's pushes are sealed for: X25519 (RFC 7748). Immutable. */
public final class EncryptionKey {

    private static final String EXPECTED = "Expected a public JWK: OKP on X25519 with x.";
    private static final String CURVE = "X25519";
    private static final byte WITHOUT_HIGHEST_BIT = 0x7f;

    private final byte[] bytes;

    private EncryptionKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The key that a phone gave, as a JSON object. */
    public static EncryptionKey parse(String json) throws MalformedKeyException {
        if (PublicJwk.parse(json, EXPECTED) instanceof OctetKeyPair okp
                && okp.getCurve().equals(Curve.X25519)) {
            var bytes = PublicJwk.whole(okp.getX(), EXPECTED).decode();
            requireSecrets(bytes);
            return new EncryptionKey(bytes);
        }
        throw new MalformedKeyException(EXPECTED);
    }

    /** The 32 bytes of the point, a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    /**
     * Refuses the points of small order, for which every shared secret is zero: anybody could read
     * what is sealed for them. The JDK knows them by an agreement with a key of any kind.
     */
    private static void requireSecrets(byte[] point) throws MalformedKeyException {
        try {
            var agreement = KeyAgreement.getInstance(CURVE);
            agreement.init(KeyPairGenerator.getInstance(CURVE).generateKeyPair().getPrivate());
            agreement.doPhase(publicKey(point), true);
        } catch (InvalidKeyException smallOrder) {
            throw new MalformedKeyException("Expected a point that is not of small order.");
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has X25519", impossible);
        }
    }

    /** As RFC 7748 reads it: the least byte first, the highest bit passed over. */
    private static PublicKey publicKey(byte[] point) throws GeneralSecurityException {
        var bigEndian = new byte[point.length];
        for (int i = 0; i < point.length; i++) {
            bigEndian[point.length - 1 - i] = point[i];
        }
        bigEndian[0] &= WITHOUT_HIGHEST_BIT;
        return KeyFactory.getInstance(CURVE)
                .generatePublic(
                        new XECPublicKeySpec(
                                NamedParameterSpec.X25519, new BigInteger(1, bigEndian)));
    }
}
