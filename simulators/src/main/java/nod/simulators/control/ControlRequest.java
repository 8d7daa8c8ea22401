package nod.simulators.control;

import java.math.BigDecimal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
     * The query parameter {@code after}, 0 without it.
     *
     * @throws IllegalArgumentException when it isn't a sequence number
     */
    long after() {
        String after = parameter("after").orElse("0");
        if (!after.matches("\\d{1,18}")) {
            throw new IllegalArgumentException(
                    "after: %s, expected a sequence number".formatted(after));
        }
        return Long.parseLong(after);
    }

    /**
     * The query parameter {@code wait}, zero without it.
     *
     * @throws IllegalArgumentException when it isn't a number of seconds, or longer than that
     */
    Duration waiting(Duration longest) {
        String wait = parameter("wait").orElse("0");
        Duration waiting =
                wait.matches("\\d{1,6}(\\.\\d{1,3})?")
                        ? Duration.ofMillis(new BigDecimal(wait).movePointRight(3).longValue())
                        : longest.plusNanos(1);
        if (waiting.compareTo(longest) > 0) {
            throw new IllegalArgumentException(
                    "wait: %s, expected 0 to %d seconds".formatted(wait, longest.toSeconds()));
        }
        return waiting;
    }

    private Optional<String> parameter(String name) {
        return Arrays.stream(query.split("&"))
                .filter(pair -> pair.startsWith(name + "="))
                .map(pair -> pair.substring(name.length() + 1))
                .findFirst();
    }

    // In a path a plus sign is a plus sign.
    private static String unescaped(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
