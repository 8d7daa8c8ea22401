package nod.simulators.control;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Method, path segments and query of a request to {@link ControlServer}, percent signs decoded. */
record ControlRequest(String method, List<String> segments, String query) {

    /**
     * @throws IllegalArgumentException on a broken percent sign
     */
    static ControlRequest of(String method, String uri) {
        int at = uri.indexOf('?');
        String path = at < 0 ? uri : uri.substring(0, at);
        List<String> segments =
                Arrays.stream(path.split("/"))
                        .filter(segment -> !segment.isEmpty())
                        .map(ControlRequest::unescaped)
                        .toList();
        return new ControlRequest(method, segments, at < 0 ? "" : uri.substring(at + 1));
    }

    /**
     * A query parameter that is a whole number.
     *
     * @throws IllegalArgumentException when it isn't one of that range
     */
    long number(String name, long least, long most, long otherwise) {
        Optional<String> given =
                Arrays.stream(query.split("&"))
                        .filter(pair -> pair.startsWith(name + "="))
                        .map(pair -> pair.substring(name.length() + 1))
                        .findFirst();
        if (given.isEmpty()) {
            return otherwise;
        }
        String value = given.get();
        if (!value.matches("\\d{1,18}")
                || Long.parseLong(value) < least
                || Long.parseLong(value) > most) {
            throw new IllegalArgumentException(
                    "%s: %s, expected %d to %d".formatted(name, value, least, most));
        }
        return Long.parseLong(value);
    }

    // In a path a plus sign is a plus sign.
    private static String unescaped(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
