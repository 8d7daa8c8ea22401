package nod.simulators.phone;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.HybridDecrypt;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.LowLevelCryptoCaller;
import com.google.crypto.tink.hybrid.HpkeParameters;
import com.google.crypto.tink.hybrid.HpkePrivateKey;
import com.google.crypto.tink.hybrid.HpkePublicKey;
import com.google.crypto.tink.hybrid.subtle.HpkeDecrypt;
import com.google.crypto.tink.subtle.X25519;
import com.google.crypto.tink.util.Bytes;
import com.google.crypto.tink.util.SecretBytes;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;

/**
 * What a phone opens its pushes with: an X25519 key pair, whose private half never leaves it. It
 * opens HPKE messages (RFC 9180, base mode) with HKDF-SHA256 and AES-256-GCM.
 */
public final class EncryptionKey {

    /** What the gateway is told of it, within {@code info.others}. */
    static final String FIELD = "encryption_key";

    private static final String INFO = "nod push v1 ";

    private final byte[] publicKey;
    private final HybridDecrypt opener;

    private EncryptionKey(byte[] privateKey) throws GeneralSecurityException {
        this.publicKey = X25519.publicFromPrivate(privateKey);
        this.opener = opener(publicKey, privateKey);
    }

    /** A new one. */
    public static EncryptionKey generate() {
        try {
            return new EncryptionKey(X25519.generatePrivateKey());
        } catch (GeneralSecurityException e) {
            throw new PhoneException("no key could be made", e);
        }
    }

    @AccessesPartialKey
    @LowLevelCryptoCaller
    private static HybridDecrypt opener(byte[] publicKey, byte[] privateKey)
            throws GeneralSecurityException {
        HpkeParameters parameters =
                HpkeParameters.builder()
                        .setKemId(HpkeParameters.KemId.DHKEM_X25519_HKDF_SHA256)
                        .setKdfId(HpkeParameters.KdfId.HKDF_SHA256)
                        .setAeadId(HpkeParameters.AeadId.AES_256_GCM)
                        .setVariant(HpkeParameters.Variant.NO_PREFIX)
                        .build();
        return HpkeDecrypt.create(
                HpkePrivateKey.create(
                        HpkePublicKey.create(parameters, Bytes.copyFrom(publicKey), null),
                        SecretBytes.copyFrom(privateKey, InsecureSecretKeyAccess.get())));
    }

    /** The public half as a JWK (RFC 8037). */
    public Map<String, Object> jwk() {
        return Map.of(
                "kty", "OKP",
                "crv", "X25519",
                "x", Base64.getUrlEncoder().withoutPadding().encodeToString(publicKey));
    }

    /** The 32 bytes of the public half. */
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /**
     * What was sealed for this key and that transaction.
     *
     * @param sealed base64url of the encapsulated key and the ciphertext
     * @throws PhoneException when it was sealed for another one, or was changed on its way
     */
    public String open(UUID txId, String sealed) {
        byte[] info = (INFO + txId).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] message = Base64.getUrlDecoder().decode(sealed);
            return new String(opener.decrypt(message, info), StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new PhoneException("the push of %s can't be opened".formatted(txId), e);
        }
    }

    /** Nothing of the private half. */
    @Override
    public String toString() {
        return "EncryptionKey" + jwk();
    }
}
