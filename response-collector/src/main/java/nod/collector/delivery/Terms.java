package nod.collector.delivery;

import java.time.Duration;

/**
 * On which terms an endpoint is told.
 *
 * @param name under which it stands in the tables
 * @param title what the log calls it
 * @param maxInFlight the most tries that one instance has under way
 * @param longestTry how long a try may take as a whole
 * @param longestWait the longest wait between two tries that nobody asked for
 * @param settling the shortest wait after a try that may have told it: whoever was too slow to
 *     answer may still be at it
 */
public record Terms(
        String name,
        String title,
        int maxInFlight,
        Duration longestTry,
        Duration longestWait,
        Duration settling) {

    /** How much longer than a try its lease is: what came of it has to be written down. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(30);

    Duration lease() {
        return longestTry.plus(settling).plus(LEASE_MARGIN);
    }
}
