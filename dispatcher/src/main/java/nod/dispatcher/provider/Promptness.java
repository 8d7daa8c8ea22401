package nod.dispatcher.provider;

import java.time.Duration;

/**
 * Whether a provider answers promptly, as it is taken to do until it does not: who waits for a
 * prompt one is served soon, however many they are. Thread-safe.
 */
final class Promptness {

    /** Ours: with some hundred pushes in flight it is some hundred pushes a second. */
    static final Duration PROMPT = Duration.ofSeconds(1);

    /** So many of its last answers count, about. */
    private static final int ANSWERS = 16;

    private final TimeSource time;
    private int unanswered;
    private long lastSign;
    private long average;

    Promptness(TimeSource time) {
        this.time = time;
    }

    /** It is asked. */
    synchronized void asked() {
        if (unanswered == 0) {
            lastSign = time.nanos();
        }
        unanswered++;
    }

    /** It answered so late, whatever that was. */
    synchronized void answered(Duration latency) {
        unanswered--;
        lastSign = time.nanos();
        average += (latency.toNanos() - average) / ANSWERS;
    }

    /** Nobody waits for that answer any more. */
    synchronized void givenUp() {
        unanswered--;
    }

    /** Its last answers took a second at most, and it has not been silent for longer than that. */
    synchronized boolean isPrompt() {
        boolean silent = unanswered > 0 && time.since(lastSign).compareTo(PROMPT) > 0;
        return !silent && average <= PROMPT.toNanos();
    }
}
