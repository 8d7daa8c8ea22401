package nod.gateway.device;

import nod.gateway.security.phonekey.EncryptionKey;
import nod.gateway.security.phonekey.MalformedKeyException;
import nod.gateway.security.phonekey.ProofKey;
import nod.gateway.web.Fields;

import org.jspecify.annotations.Nullable;

/**
 * The keys that a phone gives in {@code info.others}.
 *
 * @param publicKey which its calls are signed with from then on; null: they are not
 * @param encryptionKey which its pushes are sealed for; null: they are not
 */
public record PhoneKeys(@Nullable ProofKey publicKey, @Nullable EncryptionKey encryptionKey) {

    private static final String OTHERS = "others";
    private static final String PUBLIC_KEY = "public_key";
    private static final String ENCRYPTION_KEY = "encryption_key";

    /** More than any key of these kinds needs. */
    private static final int MAX_BYTES = 4096;

    /** Makes a key of its JSON. */
    @FunctionalInterface
    private interface Parser<K> {
        K parse(String json) throws MalformedKeyException;
    }

    /**
     * Reads them from the fields of a MobileDeviceInfoRequest whose {@code others} were read
     * before; errors are collected in them.
     *
     * @param required whether an absent public key is an error, too
     */
    public static PhoneKeys of(Fields info, boolean required) {
        var others = info.optionalObject(OTHERS);
        if (others == null) {
            return new PhoneKeys(null, null);
        }
        if (required && !others.has(PUBLIC_KEY)) {
            others.error(PUBLIC_KEY, "This gateway enrols only phones that give a public key.");
        }
        return new PhoneKeys(
                key(others, PUBLIC_KEY, ProofKey::parse),
                key(others, ENCRYPTION_KEY, EncryptionKey::parse));
    }

    private static <K> @Nullable K key(Fields others, String name, Parser<K> parser) {
        var json = others.optionalJson(name, MAX_BYTES);
        if (json == null) {
            return null;
        }
        try {
            return parser.parse(json.toString());
        } catch (MalformedKeyException malformed) {
            others.error(name, malformed.sentence());
            return null;
        }
    }
}
