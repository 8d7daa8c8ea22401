package nod.gateway.contract;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A request and its answer, as they went over the wire.
 *
 * @param responseBody null where the answer is a stream, whose end is not waited for
 */
record Exchange(
        String method,
        URI uri,
        HttpHeaders requestHeaders,
        byte[] requestBody,
        int status,
        HttpHeaders responseHeaders,
        byte @Nullable [] responseBody) {

    private static final int SHOWN = 800;

    /** Whether an answer with these headers is a stream; to HEAD nothing streams. */
    static boolean isStream(String method, HttpHeaders responseHeaders) {
        return !method.equals("HEAD")
                && MediaType.TEXT_EVENT_STREAM.equalsTypeAndSubtype(type(responseHeaders));
    }

    /** The media type that the headers name; null where they name none, or none that is one. */
    static @Nullable MediaType type(HttpHeaders headers) {
        try {
            return headers.getContentType();
        } catch (InvalidMediaTypeException malformed) {
            return null;
        }
    }

    boolean isSuccess() {
        return status / 100 == 2;
    }

    /** HEAD answers as GET. */
    String documentedMethod() {
        return method.equals("HEAD") ? "GET" : method;
    }

    /** Never shows the credential. */
    @Override
    public String toString() {
        return "%s %s %s -> %d %s %s"
                .formatted(
                        method,
                        uri,
                        text(requestBody),
                        status,
                        responseHeaders.getFirst(HttpHeaders.CONTENT_TYPE),
                        responseBody == null ? "(a stream)" : text(responseBody));
    }

    private static String text(byte[] body) {
        var text = new String(body, StandardCharsets.UTF_8);
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }
}
