package nod.simulators.phone;

import nod.simulators.fault.Provider;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What a phone says about itself.
 *
 * @param provider through which pushes reach it
 * @param deviceUid tells phones apart, over re-enrolments too
 * @param platform {@code android}, {@code ios} or {@code other}
 * @param hostname what its owner calls it
 * @param others anything more, as JSON values; its public key for proofs comes beside them
 * @param encryptionKey what its pushes are sealed for; null where they are not
 * @param signingKey by which it proves each of its calls; null: it gives none and proves nothing
 */
public record PhoneModel(
        Provider provider,
        String deviceUid,
        String platform,
        String osVersion,
        String model,
        String hostname,
        String appVersion,
        Map<String, Object> others,
        @Nullable EncryptionKey encryptionKey,
        @Nullable SigningKey signingKey) {

    private static final RandomGenerator RANDOM = new Random();
    private static final String ALPHABET =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /** A new Android phone that FCM reaches, with a key on P-256. */
    public static PhoneModel android(String hostname) {
        return new PhoneModel(
                Provider.FCM,
                UUID.randomUUID().toString(),
                "android",
                "16",
                "Pixel 10",
                hostname,
                "1.0",
                Map.of(),
                null,
                SigningKey.p256());
    }

    /** A new iPhone that APNs reaches, with a key on Ed25519. */
    public static PhoneModel iphone(String hostname) {
        return new PhoneModel(
                Provider.APNS,
                UUID.randomUUID().toString(),
                "ios",
                "26.0",
                "iPhone18,1",
                hostname,
                "1.0",
                Map.of(),
                null,
                SigningKey.ed25519());
    }

    /** The same phone, which gives a new key to seal its pushes for. */
    public PhoneModel withEncryptionKey() {
        EncryptionKey key = EncryptionKey.generate();
        Map<String, Object> more = new HashMap<>(others);
        more.put(EncryptionKey.FIELD, key.jwk());
        return with(Map.copyOf(more), key, signingKey);
    }

    /** The same phone with another key for its proofs. */
    public PhoneModel with(SigningKey key) {
        return with(others, encryptionKey, key);
    }

    /** The same phone with an app that gives no keys at all. */
    public PhoneModel withoutKeys() {
        Map<String, Object> less = new HashMap<>(others);
        less.remove(EncryptionKey.FIELD);
        return with(Map.copyOf(less), null, null);
    }

    private PhoneModel with(
            Map<String, Object> others,
            @Nullable EncryptionKey encryptionKey,
            @Nullable SigningKey signingKey) {
        return new PhoneModel(
                provider,
                deviceUid,
                platform,
                osVersion,
                model,
                hostname,
                appVersion,
                others,
                encryptionKey,
                signingKey);
    }

    /** A push key such as its provider gives out: a registration token, or 64 hex digits. */
    String newPushKey() {
        return switch (provider) {
            case FCM -> text(22) + ":APA91b" + text(134);
            case APNS -> {
                byte[] token = new byte[32];
                RANDOM.nextBytes(token);
                yield HexFormat.of().formatHex(token);
            }
        };
    }

    private static String text(int length) {
        StringBuilder text = new StringBuilder(length);
        RANDOM.ints(length, 0, ALPHABET.length()).forEach(at -> text.append(ALPHABET.charAt(at)));
        return text.toString();
    }
}
