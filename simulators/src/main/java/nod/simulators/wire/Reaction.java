package nod.simulators.wire;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a server does about a request. */
public sealed interface Reaction {

    /** Answers. An empty body is sent as none. */
    record Answer(int status, Map<String, String> headers, byte[] body) implements Reaction {

        /** An answer of JSON text. */
        public static Answer json(int status, String json) {
            return new Answer(
                    status,
                    Map.of("content-type", "application/json; charset=UTF-8"),
                    json.getBytes(StandardCharsets.UTF_8));
        }

        /** The same with one more header. */
        public Answer with(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Answer(status, Map.copyOf(more), body);
        }

        /** The same with Retry-After in seconds; without it for null. */
        public Answer retryAfter(@Nullable Duration duration) {
            return duration == null
                    ? this
                    : with("retry-after", Long.toString(duration.toSeconds()));
        }
    }

    /** Waits, then does the other thing. */
    record Delayed(Duration by, Reaction then) implements Reaction {}

    /** Cuts the TCP connection; everything else under way on it is lost as well. */
    record Closed() implements Reaction {}

    /** Never answers, and keeps the connection. */
    record Silent() implements Reaction {}

    /** What it comes to in the end, once every delay is over. */
    default Reaction last() {
        return this instanceof Delayed delayed ? delayed.then().last() : this;
    }

    /** Whether the caller is told, sooner or later, that all is well. */
    default boolean accepts() {
        return last() instanceof Answer answer && answer.status() == 200;
    }
}
