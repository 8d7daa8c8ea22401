package nod.standalone.settings;

import nod.standalone.host.PrivateFile;
import nod.standalone.host.StartRefusedException;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** The key by which authentik, or whoever tries this out, acts for the deployment. */
public final class ApiKey {
    /** The environment variable that brings a key of one's own. */
    public static final String VARIABLE = "NOD_API_KEY";

    // What a bearer token may be made of (RFC 6750), and as long as 192 random bits at least.
    private static final Pattern EXPECTED = Pattern.compile("[A-Za-z0-9._~+/-]{32,256}=*");

    private final String value;

    private ApiKey(String value) {
        this.value = value;
    }

    /**
     * A key that somebody brought.
     *
     * @throws StartRefusedException when it can't be one; the sentence doesn't repeat it
     */
    public static ApiKey of(String value) {
        if (!EXPECTED.matcher(value).matches()) {
            throw new StartRefusedException(
                    "%s has %d characters that are no key: expected are 32 to 256 of A-Z a-z 0-9 . _ ~ + / -, for example from: openssl rand -hex 32."
                            .formatted(VARIABLE, value.length()));
        }
        return new ApiKey(value);
    }

    /** The key that {@code given} is or, without one, that {@code file} keeps; made there once. */
    public static ApiKey orKept(@Nullable ApiKey given, Path file) {
        return given != null ? given : new ApiKey(PrivateFile.secret(file));
    }

    /** The key itself; not for any log or screen. */
    public String value() {
        return value;
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
