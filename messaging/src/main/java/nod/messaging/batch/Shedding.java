package nod.messaging.batch;

import java.time.Duration;

/**
 * Whether what comes is turned away, because more comes than is done. A crowd that passes is let
 * wait: it is served later, but it is served. Where the queue has not been empty for long, it will
 * not be soon, and whoever joined it would only make all wait as long as it is allowed to grow; so
 * it is then kept short. Times are those of {@link System#nanoTime}. Thread-safe.
 */
public final class Shedding {

    private final long passing;
    private final long wait;
    private volatile long lastEmpty;

    /**
     * The queue is empty.
     *
     * @param passing for how long a queue may stand before it is kept short
     * @param wait where the first one has waited for longer then, nobody is let in
     * @param now the time
     */
    public Shedding(Duration passing, Duration wait, long now) {
        this.passing = passing.toNanos();
        this.wait = wait.toNanos();
        this.lastEmpty = now;
    }

    /** Nobody is turned away. */
    public static Shedding nobody() {
        return new Shedding(Duration.ofNanos(Long.MAX_VALUE), Duration.ZERO, System.nanoTime());
    }

    /** For these times, from now on. */
    public static Shedding of(Duration passing, Duration wait) {
        return new Shedding(passing, wait, System.nanoTime());
    }

    /** Nobody waits. */
    public void empty(long now) {
        lastEmpty = now;
    }

    /**
     * Whether one who comes now is turned away.
     *
     * @param first when the first of those who wait came
     */
    public boolean turnsAway(long first, long now) {
        return now - lastEmpty > passing && now - first > wait;
    }
}
