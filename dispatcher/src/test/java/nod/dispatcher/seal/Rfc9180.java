package nod.dispatcher.seal;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPrivateKeySpec;
import java.security.spec.XECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opens HPKE messages by the letter of RFC 9180, with nothing but the JDK's X25519, HMAC and
 * AES-GCM: base mode, DHKEM(X25519, HKDF-SHA256), HKDF-SHA256.
 *
 * @param aeadId 1 is AES-128-GCM, 2 is AES-256-GCM
 * @param keyLength of that AES
 */
record Rfc9180(int aeadId, int keyLength) {

    static final Rfc9180 AES_128 = new Rfc9180(1, 16);
    static final Rfc9180 AES_256 = new Rfc9180(2, 32);

    private static final byte[] NOTHING = {};
    private static final byte[] KEM = concat(text("KEM"), i2osp(0x0020));

    /** Opens the first message of an encapsulated key. */
    byte[] open(byte[] enc, byte[] ciphertext, byte[] privateKey, byte[] info, byte[] aad)
            throws GeneralSecurityException {
        byte[] secret = decap(enc, privateKey);
        byte[] suite = concat(text("HPKE"), i2osp(0x0020), i2osp(0x0001), i2osp(aeadId));
        byte[] context =
                concat(
                        new byte[] {0},
                        labeledExtract(suite, NOTHING, "psk_id_hash", NOTHING),
                        labeledExtract(suite, NOTHING, "info_hash", info));
        byte[] pseudorandom = labeledExtract(suite, secret, "secret", NOTHING);
        byte[] key = labeledExpand(suite, pseudorandom, "key", context, keyLength);
        byte[] nonce = labeledExpand(suite, pseudorandom, "base_nonce", context, 12);
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(key, "AES"),
                new GCMParameterSpec(128, nonce));
        cipher.updateAAD(aad);
        return cipher.doFinal(ciphertext);
    }

    private static byte[] decap(byte[] enc, byte[] privateKey) throws GeneralSecurityException {
        byte[] shared = x25519(privateKey, enc);
        byte[] context = concat(enc, publicKey(privateKey));
        return labeledExpand(
                KEM, labeledExtract(KEM, NOTHING, "eae_prk", shared), "shared_secret", context, 32);
    }

    private static byte[] publicKey(byte[] privateKey) throws GeneralSecurityException {
        byte[] basePoint = new byte[32];
        basePoint[0] = 9;
        return x25519(privateKey, basePoint);
    }

    private static byte[] x25519(byte[] privateKey, byte[] publicKey)
            throws GeneralSecurityException {
        var keys = KeyFactory.getInstance("X25519");
        var agreement = KeyAgreement.getInstance("X25519");
        agreement.init(
                keys.generatePrivate(new XECPrivateKeySpec(NamedParameterSpec.X25519, privateKey)));
        XECPublicKey other =
                (XECPublicKey)
                        keys.generatePublic(
                                new XECPublicKeySpec(NamedParameterSpec.X25519, u(publicKey)));
        agreement.doPhase(other, true);
        return agreement.generateSecret();
    }

    /** The coordinate of RFC 7748: little-endian, without its highest bit. */
    private static BigInteger u(byte[] publicKey) {
        byte[] bigEndian = new byte[publicKey.length];
        for (int i = 0; i < publicKey.length; i++) {
            bigEndian[i] = publicKey[publicKey.length - 1 - i];
        }
        bigEndian[0] &= 0x7f;
        return new BigInteger(1, bigEndian);
    }

    private static byte[] labeledExtract(byte[] suite, byte[] salt, String label, byte[] ikm)
            throws GeneralSecurityException {
        return hmac(
                salt.length == 0 ? new byte[32] : salt,
                concat(text("HPKE-v1"), suite, text(label), ikm));
    }

    private static byte[] labeledExpand(
            byte[] suite, byte[] pseudorandom, String label, byte[] info, int length)
            throws GeneralSecurityException {
        // One block of SHA-256 is all that is ever asked for here.
        byte[] labeled = concat(i2osp(length), text("HPKE-v1"), suite, text(label), info);
        return Arrays.copyOf(hmac(pseudorandom, concat(labeled, new byte[] {1})), length);
    }

    private static byte[] hmac(byte[] key, byte[] data) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(data);
    }

    private static byte[] i2osp(int number) {
        return ByteBuffer.allocate(2).putShort((short) number).array();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] concat(byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        var all = ByteBuffer.allocate(length);
        for (byte[] part : parts) {
            all.put(part);
        }
        return all.array();
    }

    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
