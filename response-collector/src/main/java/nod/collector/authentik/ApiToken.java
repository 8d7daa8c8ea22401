package nod.collector.authentik;

import java.util.regex.Pattern;

/** A token of authentik's API. It never prints itself. */
public final class ApiToken {

    /** What fits into a header, by RFC 6750. */
    private static final Pattern USABLE = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final String value;

    public ApiToken(String value) {
        this.value = value.strip();
    }

    /** Whether it is of a form that authentik could know. */
    public boolean isUsable() {
        return USABLE.matcher(value).matches();
    }

    /** The value of {@code Authorization}. */
    String header() {
        return "Bearer " + value;
    }

    @Override
    public String toString() {
        return "[REDACTED]";
    }
}
