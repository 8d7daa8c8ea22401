package nod.benchmarks.waiting;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/** Somebody who waits for a decision. Thread-safe. */
final class Caller {

    private static final String ACCEPTED = "\"status\":\"accept\"";

    private final UUID txId;
    private final boolean stream;
    private final AtomicReference<@Nullable Instant> told = new AtomicReference<>();

    /**
     * @param stream whether it reads server-sent events, instead of a long poll
     */
    Caller(UUID txId, boolean stream) {
        this.txId = txId;
        this.stream = stream;
    }

    UUID txId() {
        return txId;
    }

    /** Where it waits, below the API's transactions. */
    String path() {
        return txId + (stream ? "/events/" : "/?wait=60");
    }

    /** What it takes for an answer. */
    String mediaType() {
        return stream ? "text/event-stream" : "application/json";
    }

    /** A piece of an answer came at that time. */
    void reads(String text, Instant now) {
        if (text.contains(ACCEPTED)) {
            told.compareAndSet(null, now);
        }
    }

    /** When it was told of the decision; null: it was not. */
    @Nullable Instant told() {
        return told.get();
    }
}
