package nod.collector.delivery;

import java.time.Duration;
import java.util.Optional;

/** What became of a request. */
public sealed interface Reply {

    /**
     * An answer came.
     *
     * @param retryAfter how long whoever answered wants to be left alone
     * @param body as much of it as is read
     */
    record Answered(int status, Optional<Duration> retryAfter, String body) implements Reply {

        /** Whether the status is one of success. */
        public boolean isSuccess() {
            return status >= 200 && status < 300;
        }
    }

    /**
     * None came.
     *
     * @param cause for people; without the URL
     * @param sent whether the request may have got there
     */
    record Silent(String cause, boolean sent) implements Reply {}
}
