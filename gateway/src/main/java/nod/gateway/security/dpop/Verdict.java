package nod.gateway.security.dpop;

import java.util.Locale;

/** What is to be said of a proof. */
sealed interface Verdict {

    /**
     * It is right, and good if it was not used before.
     *
     * @param jti what tells it from others of the same key
     */
    record Good(String jti) implements Verdict {}

    /** It is wrong. */
    record Refused(Reason reason) implements Verdict {}

    /** Why a phone was refused; a tag of a metric, and told to operators alone. */
    enum Reason {
        /** The phone gave no key, and has to. */
        NO_KEY,
        /** There is no proof. */
        MISSING,
        /** More than one header, or nothing that is a DPoP proof by its form. */
        MALFORMED,
        /** Another key than the phone's, or an algorithm that is not this key's. */
        KEY,
        SIGNATURE,
        /** Made for another method or URL. */
        REQUEST,
        /** Made too long ago, or too far ahead. */
        TIME,
        /** Made for another token. */
        TOKEN,
        /** Used before. */
        REPLAYED;

        /** As a tag. */
        String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
