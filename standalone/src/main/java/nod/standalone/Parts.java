package nod.standalone;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.Deque;

/** What runs, stopped in the opposite order of its start. Safe for several threads. */
final class Parts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Parts.class);

    private final Deque<AutoCloseable> running = new ArrayDeque<>();

    /** Takes over the duty to close {@code part}. */
    synchronized <T extends AutoCloseable> T add(T part) {
        running.push(part);
        return part;
    }

    /** Closes everything, whatever happens to one of them. */
    @Override
    public synchronized void close() {
        while (!running.isEmpty()) {
            var part = running.pop();
            try {
                part.close();
            } catch (Exception e) { // the others still have to be stopped
                LOG.error("{} didn't stop well", part.getClass().getSimpleName(), e);
            }
        }
    }
}
