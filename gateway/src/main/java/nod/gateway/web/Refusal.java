package nod.gateway.web;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A request that is refused: the status and the body that the caller gets. */
public final class Refusal extends RuntimeException {

    private final HttpStatus status;
    private final transient Map<String, ?> body;
    private final transient @Nullable Duration retryAfter;
    private final boolean close;

    private Refusal(HttpStatus status, Map<String, ?> body, @Nullable Duration retryAfter) {
        this(status, body, retryAfter, false);
    }

    private Refusal(
            HttpStatus status, Map<String, ?> body, @Nullable Duration retryAfter, boolean close) {
        super(status + " " + body, null, false, false);
        this.status = status;
        this.body = body;
        this.retryAfter = retryAfter;
        this.close = close;
    }

    /** A refusal with a sentence: {@code {"detail": ...}}. */
    public static Refusal of(HttpStatus status, String detail) {
        return new Refusal(status, Map.of("detail", detail), null);
    }

    /** The same, after which the connection is closed: the rest of the request is not wanted. */
    static Refusal andClose(HttpStatus status, String detail) {
        return new Refusal(status, Map.of("detail", detail), null, true);
    }

    /** There is no such thing, or not for this caller. */
    public static Refusal notFound() {
        return of(HttpStatus.NOT_FOUND, "Not found.");
    }

    /** Errors of a body or a query, a list of sentences or a nested map for each field. */
    public static Refusal invalid(Map<String, ?> errors) {
        return new Refusal(HttpStatus.BAD_REQUEST, errors, null);
    }

    /** One error of one field. */
    public static Refusal invalid(String field, String sentence) {
        return invalid(Map.of(field, List.of(sentence)));
    }

    /** Too many requests; null: nobody knows until when. */
    public static Refusal throttled(@Nullable Duration retryAfter) {
        var sentence = "Request was throttled.";
        if (retryAfter != null) {
            var seconds = seconds(retryAfter);
            sentence +=
                    " Expected available in " + seconds + (seconds == 1 ? " second." : " seconds.");
        }
        return new Refusal(HttpStatus.TOO_MANY_REQUESTS, Map.of("detail", sentence), retryAfter);
    }

    /** Something that this service needs can't be reached. */
    public static Refusal unavailable(String detail) {
        return unavailable(detail, Duration.ofSeconds(1));
    }

    /** Something that this service needs can't be reached, and for so long it won't be asked. */
    public static Refusal unavailable(String detail, Duration retryAfter) {
        return new Refusal(HttpStatus.SERVICE_UNAVAILABLE, Map.of("detail", detail), retryAfter);
    }

    public HttpStatus status() {
        return status;
    }

    Map<String, ?> body() {
        return body;
    }

    /** What Retry-After says: whole seconds, at least one; null: nothing. */
    @Nullable Long retryAfterSeconds() {
        return retryAfter == null ? null : seconds(retryAfter);
    }

    /** Never less than the time itself: who comes after so many seconds does not come too early. */
    private static long seconds(Duration time) {
        return Math.max(1, time.plusNanos(999_999_999).toSeconds());
    }

    boolean closesTheConnection() {
        return close;
    }
}
