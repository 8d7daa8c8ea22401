package nod.dispatcher.push;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * What became of one attempt to send a push. {@link TryAgain} and {@link CredentialsRefused} may be
 * tried again; the others are the last word.
 */
public sealed interface PushResult {

    /** A short word for metrics, one of five. */
    String label();

    /**
     * The provider has taken the push over.
     *
     * @param messageId the provider's name for it
     */
    record Accepted(String messageId) implements PushResult {
        @Override
        public String label() {
            return "accepted";
        }
    }

    /**
     * The provider said no, and would say so again.
     *
     * @param reason the provider's own word: an FCM error code or an APNs reason
     * @param deadKey whether this key will never be valid again
     * @param deadSince since when it is dead, where the provider says so
     */
    record Rejected(String reason, boolean deadKey, @Nullable Instant deadSince)
            implements PushResult {
        @Override
        public String label() {
            return "rejected";
        }

        /** The push was refused, the key may be fine. */
        public static Rejected push(String reason) {
            return new Rejected(reason, false, null);
        }

        /** The key is dead. */
        public static Rejected key(String reason, @Nullable Instant since) {
            return new Rejected(reason, true, since);
        }
    }

    /**
     * Nothing can be sealed for the phone's encryption key, and never will be. The provider was not
     * asked: what is to be sealed is not sent otherwise.
     */
    record Unsealable() implements PushResult {
        @Override
        public String label() {
            return "unsealable";
        }
    }

    /**
     * The provider could not be asked, failed, or asks for patience.
     *
     * @param reason the provider's own word or a short one of ours
     * @param retryAfter how long the provider wants to be left alone, where it says so
     * @param kind whether this speaks about the provider or about this one push
     */
    record TryAgain(String reason, @Nullable Duration retryAfter, Kind kind) implements PushResult {

        /** Whose trouble it is. */
        public enum Kind {
            /** The provider as a whole: no connection, no answer in time, a failure of its own. */
            OUTAGE,
            /** This push or its key: sent too often. */
            PATIENCE,
            /** The provider was not asked at all. */
            NOT_ASKED
        }

        @Override
        public String label() {
            return "try_again";
        }

        /** The provider is out of order. */
        public static TryAgain outage(String reason, @Nullable Duration retryAfter) {
            return new TryAgain(reason, retryAfter, Kind.OUTAGE);
        }

        /** The provider is well and asks for patience. */
        public static TryAgain patience(String reason, @Nullable Duration retryAfter) {
            return new TryAgain(reason, retryAfter, Kind.PATIENCE);
        }

        /** Nothing was sent. */
        public static TryAgain notAsked(String reason, @Nullable Duration retryAfter) {
            return new TryAgain(reason, retryAfter, Kind.NOT_ASKED);
        }
    }

    /**
     * The provider does not accept our credentials: an operator has to mend them. The push was not
     * looked at.
     *
     * @param reason the provider's own word
     * @param everyPush whether every push is refused for it; false where some still pass, as
     *     Android's when Firebase's own credentials at Apple are refused
     */
    record CredentialsRefused(String reason, boolean everyPush) implements PushResult {
        @Override
        public String label() {
            return "credentials_refused";
        }
    }
}
