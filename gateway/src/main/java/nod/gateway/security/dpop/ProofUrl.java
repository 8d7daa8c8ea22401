package nod.gateway.security.dpop;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The URL of a request in the form in which RFC 9449 (4.3) compares it: without query and fragment,
 * normalised by syntax and scheme (RFC 3986, 6.2.2 and 6.2.3).
 */
record ProofUrl(String scheme, String host, int port, String path) {

    private static final Pattern ESCAPED = Pattern.compile("%([0-9a-fA-F]{2})");
    private static final Pattern UNRESERVED = Pattern.compile("[A-Za-z0-9._~-]");

    /** Empty where it is no absolute http or https URL. */
    static Optional<ProofUrl> of(String text) {
        try {
            var url = new URI(ESCAPED.matcher(text).replaceAll(ProofUrl::unescaped)).normalize();
            if (url.getScheme() == null || url.getHost() == null || url.getUserInfo() != null) {
                return Optional.empty();
            }
            var scheme = url.getScheme().toLowerCase(Locale.ROOT);
            return Optional.of(
                    new ProofUrl(
                            scheme,
                            url.getHost().toLowerCase(Locale.ROOT),
                            url.getPort() == -1 ? defaultPort(scheme) : url.getPort(),
                            path(url.getRawPath())));
        } catch (URISyntaxException malformed) {
            return Optional.empty();
        }
    }

    /** A character that needs no escape is written without, every other one in capitals. */
    private static String unescaped(MatchResult escape) {
        var text = "" + (char) Integer.parseInt(escape.group(1), 16);
        return UNRESERVED.matcher(text).matches() ? text : escape.group().toUpperCase(Locale.ROOT);
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "https" -> 443;
            case "http" -> 80;
            default -> -1;
        };
    }

    private static String path(@Nullable String path) {
        return path == null || path.isEmpty() ? "/" : path;
    }
}
