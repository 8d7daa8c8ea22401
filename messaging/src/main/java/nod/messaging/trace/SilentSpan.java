package nod.messaging.trace;

import nod.messaging.event.Traceparent;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Mono;

/** A step that nobody wants to see: what it causes continues what caused it. */
record SilentSpan(Traceparent trace) implements Span {

    @Override
    public Span with(Detail detail, Object value) {
        return this;
    }

    @Override
    public void rename(String name) {
        // It has none.
    }

    @Override
    public void end(@Nullable Throwable failure) {
        // Nobody is told.
    }

    @Override
    public <T> Mono<T> during(Mono<T> work) {
        return work;
    }
}
