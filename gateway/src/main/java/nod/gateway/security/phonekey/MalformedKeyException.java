package nod.gateway.security.phonekey;

/** What a phone gave is no key that can be used; the message says what is expected. */
public final class MalformedKeyException extends Exception {

    MalformedKeyException(String expected) {
        super(expected, null, false, false);
    }

    /** The sentence for the phone; it never shows a part of the key. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
