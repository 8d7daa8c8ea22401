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
     */
    record Refused(int status, Optional<Duration> retryAfter) implements Answer {}

    /** The endpoint wants no more, of anything. */
    record Gone(int status) implements Answer {}

    /**
     * No answer came, or the endpoint was not asked.
     *
     * @param cause for people; without the URL
     */
    record Nothing(String cause) implements Answer {}
}
