package nod.messaging.consume;

import java.util.TreeSet;

/**
 * The records of one partition that are being worked on. They finish in any order; what may be
 * committed is the lowest offset that has not finished. Not thread-safe: owned by the poll thread.
 */
final class PartitionWindow {

    private final TreeSet<Long> unfinished = new TreeSet<>();
    private long next = -1;
    private long committed = -1;

    /** A record was taken; offsets come in ascending order. */
    void started(long offset) {
        if (offset < next) {
            throw new IllegalArgumentException(
                    "offset " + offset + ": expected " + next + " or higher");
        }
        unfinished.add(offset);
        next = offset + 1;
    }

    /** The record's work is done. */
    void finished(long offset) {
        unfinished.remove(offset);
    }

    int size() {
        return unfinished.size();
    }

    /** Whether there is something to commit that was not committed yet. */
    boolean hasProgress() {
        return next >= 0 && committable() > committed;
    }

    /** The offset to commit: everything below it has finished. */
    long committable() {
        return unfinished.isEmpty() ? next : unfinished.first();
    }

    /** How many offsets were taken and may not be committed. */
    long uncommittable() {
        return next - committable();
    }

    void committed(long offset) {
        committed = Math.max(committed, offset);
    }
}
