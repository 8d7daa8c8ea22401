package nod.dispatcher.push;

import nod.schemas.event.Provider;

import org.jspecify.annotations.Nullable;

import java.util.regex.Pattern;

/**
 * Where a push goes: what kind of key a phone gave. A key is a secret of the phone; it is never
 * printed.
 */
public sealed interface PushAddress {

    /** The key as the provider takes it. */
    String key();

    /** The provider that knows the key. */
    Provider provider();

    /** What APNs gave the phone. */
    record ApnsDeviceToken(String key) implements PushAddress {
        @Override
        public Provider provider() {
            return Provider.APNS;
        }

        @Override
        public String toString() {
            return "ApnsDeviceToken[REDACTED]";
        }
    }

    /** What FCM gave the phone; newer Firebase SDKs call it deprecated. */
    record FcmRegistrationToken(String key) implements PushAddress {
        @Override
        public Provider provider() {
            return Provider.FCM;
        }

        @Override
        public String toString() {
            return "FcmRegistrationToken[REDACTED]";
        }
    }

    /** What newer Firebase SDKs give in place of a registration token. */
    record FirebaseInstallationId(String key) implements PushAddress {
        @Override
        public Provider provider() {
            return Provider.FCM;
        }

        @Override
        public String toString() {
            return "FirebaseInstallationId[REDACTED]";
        }
    }

    /**
     * Tells the kinds of keys apart.
     *
     * <p>An APNs device token is 64 to 200 hexadecimal digits of a phone whose latest known
     * platform is {@code ios}. A Firebase installation id is 17 bytes that begin with the bits
     * 0111, as base64url without padding: 22 characters of which the first is c, d, e or f. A
     * registration token is far longer (an installation id, a colon and 140 characters or so), so
     * that the two cannot be mistaken for each other, and FCM wants to be told which one it is.
     *
     * @param platform the phone's latest known platform; null where it never told one
     */
    static PushAddress of(String key, @Nullable String platform) {
        if ("ios".equals(platform) && Forms.DEVICE_TOKEN.matcher(key).matches()) {
            return new ApnsDeviceToken(key);
        }
        return Forms.INSTALLATION_ID.matcher(key).matches()
                ? new FirebaseInstallationId(key)
                : new FcmRegistrationToken(key);
    }

    /** What the keys look like. */
    final class Forms {
        private static final Pattern DEVICE_TOKEN = Pattern.compile("[0-9a-fA-F]{64,200}");
        private static final Pattern INSTALLATION_ID = Pattern.compile("[c-f][A-Za-z0-9_-]{21}");

        private Forms() {}
    }
}
