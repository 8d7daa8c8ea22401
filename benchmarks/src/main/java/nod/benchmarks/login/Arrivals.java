package nod.benchmarks.login;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * When each login was to arrive. Whoever arrives is counted; the n-th was due n intervals after the
 * first, however late the generator is. Thread-safe.
 */
final class Arrivals {

    private static final double NANOS_A_SECOND = 1e9;

    private final double interval;
    private final LongSupplier nanoTime;
    private final AtomicLong arrived = new AtomicLong();
    private final AtomicLong first = new AtomicLong(Long.MAX_VALUE);

    /**
     * @param rate arrivals a second
     * @param nanoTime as {@link System#nanoTime()}
     */
    Arrivals(int rate, LongSupplier nanoTime) {
        this.interval = NANOS_A_SECOND / rate;
        this.nanoTime = nanoTime;
    }

    /** The due time of the one that arrives now; never later than now. */
    long next() {
        long after = (long) (arrived.getAndIncrement() * interval);
        // The start is not told to us: whoever comes earliest by the schedule shows it.
        long start = first.accumulateAndGet(nanoTime.getAsLong() - after, Math::min);
        return start + after;
    }
}
