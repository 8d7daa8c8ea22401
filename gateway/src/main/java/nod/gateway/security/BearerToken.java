package nod.gateway.security;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The token that a request brings; it never prints itself. */
public final class BearerToken {

    /** What {@link Tokens} makes: 256 bits in base64url. */
    private static final Pattern OURS = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final String value;

    private BearerToken(String value) {
        this.value = value;
    }

    /**
     * The token of a request.
     *
     * @param headers the values of all its Authorization headers
     * @throws CredentialFailure where there is none, or none that could be good
     */
    public static BearerToken of(List<String> headers) {
        if (headers.size() > 1) {
            // Whoever reads another one of them than we do would see another caller.
            throw CredentialFailure.invalid();
        }
        var words = headers.isEmpty() ? new String[0] : headers.getFirst().strip().split("\\s+");
        if (words.length < 2) {
            throw CredentialFailure.notProvided();
        }
        if (!words[0].toLowerCase(Locale.ROOT).equals("bearer")) {
            throw CredentialFailure.unsupportedScheme();
        }
        if (words.length > 2) {
            throw CredentialFailure.invalid();
        }
        return new BearerToken(words[1]);
    }

    /** The token itself; for no log. */
    public String value() {
        return value;
    }

    /** The form in which it is looked up. */
    public TokenHash hash() {
        return TokenHash.of(value);
    }

    /** Whether the gateway can have made it: a key or a token that is stored. */
    public boolean mayBeOurs() {
        return OURS.matcher(value).matches();
    }

    /** Whether it has parts as a JWT has. */
    boolean mayBeJwt() {
        return value.indexOf('.') > 0;
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
