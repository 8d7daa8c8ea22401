package nod.messaging.batch;

import java.time.Duration;

/**
 * When work begins on what comes: at once where little comes, and where the last beginning is only
 * some milliseconds old, a little later, so that it is begun together with what follows it. So
 * nobody waits at night. Times are those of {@link System#nanoTime}. Thread-safe.
 */
public final class Gathering {

    private final long close;
    private final long wait;
    private volatile long lastBegun;

    /**
     * Nothing has begun yet.
     *
     * @param close how old the last beginning is where nobody waits any more; zero: nobody ever
     * @param wait for how long the others do
     * @param now the time
     */
    public Gathering(Duration close, Duration wait, long now) {
        this.close = close.toNanos();
        this.wait = wait.toNanos();
        this.lastBegun = now - this.close;
    }

    /** Everything begins at once. */
    public static Gathering nothing() {
        return new Gathering(Duration.ZERO, Duration.ZERO, 0);
    }

    /** For these times, from now on. */
    public static Gathering of(Duration close, Duration wait) {
        return new Gathering(close, wait, System.nanoTime());
    }

    /** When work on what comes now is to begin. */
    public long due(long now) {
        return now - lastBegun < close ? now + wait : now;
    }

    /** Work begins. */
    public void begun(long now) {
        lastBegun = now;
    }
}
