package nod.benchmarks.login;

import org.HdrHistogram.ConcurrentHistogram;

import java.time.Duration;

/** How long something took, each time. Thread-safe. */
public final class Latency {

    private static final long LONGEST_MICROS = Duration.ofMinutes(5).toNanos() / 1000;
    private static final int DIGITS = 3;

    private final ConcurrentHistogram micros = new ConcurrentHistogram(LONGEST_MICROS, DIGITS);

    /** Between two of {@link System#nanoTime()}. */
    public void record(long from, long to) {
        micros.recordValue(Math.clamp((to - from) / 1000, 0, LONGEST_MICROS));
    }

    public long count() {
        return micros.getTotalCount();
    }

    /** In milliseconds. */
    public double percentile(double percentile) {
        return micros.getValueAtPercentile(percentile) / 1000.0;
    }

    /** In milliseconds. */
    public double longest() {
        return micros.getMaxValue() / 1000.0;
    }
}
