package nod.messaging.trace;

import io.opentelemetry.api.trace.SpanKind;

/** On which side of which call a step is. */
public enum Kind {
    /** Answers a request. */
    SERVER(SpanKind.SERVER),
    /** Waits for somebody else's answer. */
    CLIENT(SpanKind.CLIENT),
    /** Works on an event. */
    CONSUMER(SpanKind.CONSUMER),
    /** Neither. */
    INTERNAL(SpanKind.INTERNAL);

    private final SpanKind kind;

    Kind(SpanKind kind) {
        this.kind = kind;
    }

    SpanKind kind() {
        return kind;
    }
}
