package nod.collector.delivery;

import java.time.Duration;

/** How long to wait after a try that failed. */
final class BackOff {

    private static final Duration FIRST = Duration.ofSeconds(5);

    /** A greater shift would overflow, and every wait is bounded before. */
    private static final int MAX_DOUBLINGS = 12;

    private BackOff() {}

    /**
     * Doubles with every try, up to the longest; between half of that and all of it.
     *
     * @param tries how many there have been, at least one
     * @param longest at most four hours
     * @param jitter from 0 to 1
     */
    static Duration after(int tries, Duration longest, double jitter) {
        var doubled = FIRST.multipliedBy(1L << Math.min(tries - 1, MAX_DOUBLINGS));
        var wait = doubled.compareTo(longest) < 0 ? doubled : longest;
        return Duration.ofMillis((long) (wait.toMillis() * (1 + jitter) / 2));
    }
}
