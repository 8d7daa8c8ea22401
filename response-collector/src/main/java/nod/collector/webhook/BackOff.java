package nod.collector.webhook;

import java.time.Duration;

/** How long to wait after a try that failed. */
final class BackOff {

    private static final Duration FIRST = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofHours(4);

    /** From here on it is the longest; a greater shift would overflow. */
    private static final int MAX_DOUBLINGS = 12;

    private BackOff() {}

    /**
     * Doubles with every try, up to four hours; between half of that and all of it.
     *
     * @param tries how many there have been, at least one
     * @param jitter from 0 to 1
     */
    static Duration after(int tries, double jitter) {
        var doubled = FIRST.multipliedBy(1L << Math.min(tries - 1, MAX_DOUBLINGS));
        var longest = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return Duration.ofMillis((long) (longest.toMillis() * (1 + jitter) / 2));
    }
}
