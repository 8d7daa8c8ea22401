package nod.collector.webhook;

import java.time.Duration;
import java.util.Optional;

/** What came of a try. */
sealed interface Answer {

    /**
     * The endpoint answered.
     *
     * @param retryAfter how long it wants to be left alone
     */
    record Status(int code, Optional<Duration> retryAfter) implements Answer {

        private static final int GONE = 410;

        boolean isSuccess() {
            return code >= 200 && code < 300;
        }

        boolean isGone() {
            return code == GONE;
        }
    }

    /**
     * No answer came, or the endpoint was not asked.
     *
     * @param cause for people; without the URL
     */
    record Nothing(String cause) implements Answer {}
}
