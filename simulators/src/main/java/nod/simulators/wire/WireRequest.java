package nod.simulators.wire;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * A request as it came over the wire, body complete.
 *
 * @param protocol {@code HTTP/2.0} or {@code HTTP/1.1}
 * @param path with query, as sent
 * @param headers by lower-case name; what came more than once is joined by {@code ", "}
 * @param body at most {@link WireServer#MAX_BODY} bytes of it
 */
public record WireRequest(
        String protocol, String method, String path, Map<String, String> headers, byte[] body) {

    /** That header's value, or null. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }
}
