package nod.messaging.consume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Failed work until it is due again. Not thread-safe: owned by the poll thread. */
final class Retries {

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    private record Retry(long dueNanos, Work work) {}

    private final PriorityQueue<Retry> queue =
            new PriorityQueue<>(Comparator.comparingLong(Retry::dueNanos));

    /** Work that has failed once at least; it is due after a back-off. */
    void add(Work failed) {
        queue.add(new Retry(System.nanoTime() + backOff(failed.failures()).toNanos(), failed));
    }

    /** Removes what is due, the longest due first. */
    List<Work> takeDue() {
        var due = new ArrayList<Work>();
        for (var next = queue.peek();
                next != null && next.dueNanos() <= System.nanoTime();
                next = queue.peek()) {
            due.add(queue.remove().work());
        }
        return due;
    }

    /** Forgets everything; how much that was. */
    int clear() {
        var forgotten = queue.size();
        queue.clear();
        return forgotten;
    }

    static Duration backOff(int failures) {
        var exponential = FIRST.multipliedBy(1L << Math.min(failures - 1, 10));
        return exponential.compareTo(LONGEST) < 0 ? exponential : LONGEST;
    }
}
