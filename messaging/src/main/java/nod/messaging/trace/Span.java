package nod.messaging.trace;

import nod.messaging.event.Traceparent;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Mono;

/**
 * One step of what a service does, from its beginning to its end. What it tells of itself is a
 * {@link Detail} and nothing else: no message of an exception, no content. Thread-safe; used after
 * its end it does nothing.
 */
public sealed interface Span permits RecordedSpan, SilentSpan {

    /** What the step causes continues this. */
    Traceparent trace();

    /** Adds a detail; it is made a text only where the step is recorded. */
    Span with(Detail detail, Object value);

    /** Names it anew, once more is known. Names are few: they hold no id. */
    void rename(String name);

    /**
     * The step is over.
     *
     * @param failure why it failed, of which the kind alone is told; null where it did not
     */
    void end(@Nullable Throwable failure);

    /** Ends with the work: when it completes, fails or is cancelled. */
    <T> Mono<T> during(Mono<T> work);
}
