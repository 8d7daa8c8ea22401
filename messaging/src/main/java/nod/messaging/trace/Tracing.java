package nod.messaging.trace;

import nod.messaging.event.Traceparent;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Begins spans. A span is recorded where what caused it was; where a service is called without a
 * trace, by chance. What is not recorded costs an object of one field. Thread-safe.
 */
public final class Tracing implements AutoCloseable {

    private final @Nullable Exporter exporter;
    private final int percent;

    private Tracing(@Nullable Exporter exporter, int percent) {
        this.exporter = exporter;
        this.percent = percent;
    }

    /** Records nothing, and passes on every trace as it came. */
    public static Tracing off() {
        return new Tracing(null, 0);
    }

    /**
     * Sends what is recorded.
     *
     * @param percent how many of a hundred traces that begin here are recorded
     */
    public static Tracing to(Exporter exporter, int percent) {
        return new Tracing(exporter, percent);
    }

    /**
     * The step that answers a call.
     *
     * @param name until more is known of the call
     * @param header the caller's {@code traceparent}; null, or malformed, where it gave none
     */
    public Span arrival(String name, @Nullable String header) {
        var cause = Traceparent.parse(header);
        if (cause.isPresent()) {
            return step(Kind.SERVER, name, cause.get());
        }
        return exporter != null && ThreadLocalRandom.current().nextInt(100) < percent
                ? new RecordedSpan(exporter.begin(Kind.SERVER, name, null, null))
                : new SilentSpan(Traceparent.start());
    }

    /** A step that something else caused. */
    public Span step(Kind kind, String name, Traceparent cause) {
        return exporter != null && cause.isSampled()
                ? new RecordedSpan(exporter.begin(kind, name, cause, null))
                : new SilentSpan(cause);
    }

    /**
     * A step of one trace that happens in the course of another.
     *
     * @param occasion the other, to which there is a link where it is recorded
     */
    public Span step(Kind kind, String name, Traceparent cause, Traceparent occasion) {
        return exporter != null && cause.isSampled()
                ? new RecordedSpan(
                        exporter.begin(kind, name, cause, occasion.isSampled() ? occasion : null))
                : new SilentSpan(cause);
    }

    /** Sends what is not sent yet, for a while. */
    @Override
    public void close() {
        if (exporter != null) {
            exporter.close();
        }
    }
}
