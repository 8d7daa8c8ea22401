package nod.collector.delivery;

import java.time.Duration;
import java.util.Optional;

/** What came of a try. */
public sealed interface Answer {

    /** The endpoint has it. */
    record Told(int status) implements Answer {}

    /**
     * The endpoint does not take it now.
     *
     * @param retryAfter how long it wants to be left alone
     * @param doubt whether it may have it nevertheless
     */
    record Refused(int status, Optional<Duration> retryAfter, boolean doubt) implements Answer {}

    /** The endpoint wants no more, of anything. */
    record Gone(int status) implements Answer {}

    /**
     * No answer came, or the endpoint was not asked.
     *
     * @param cause for people; without the URL
     * @param doubt whether it may have it nevertheless
     */
    record Nothing(String cause, boolean doubt) implements Answer {}
}
