package nod.messaging.trace;

import io.opentelemetry.api.trace.StatusCode;

import nod.messaging.event.Traceparent;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Mono;

import java.util.concurrent.CompletionException;

/** A step that is sent to the collector. */
final class RecordedSpan implements Span {

    private final io.opentelemetry.api.trace.Span span;
    private final Traceparent trace;

    RecordedSpan(io.opentelemetry.api.trace.Span span) {
        var context = span.getSpanContext();
        this.span = span;
        this.trace = Traceparent.sampled(context.getTraceId(), context.getSpanId());
    }

    @Override
    public Traceparent trace() {
        return trace;
    }

    @Override
    public Span with(Detail detail, Object value) {
        span.setAttribute(detail.key(), value.toString());
        return this;
    }

    @Override
    public void rename(String name) {
        span.updateName(name);
    }

    @Override
    public void end(@Nullable Throwable failure) {
        if (failure != null) {
            with(Detail.ERROR, kind(failure));
            span.setStatus(StatusCode.ERROR);
        }
        span.end();
    }

    private static String kind(Throwable failure) {
        var cause = failure.getCause();
        return failure instanceof CompletionException && cause != null
                ? kind(cause)
                : failure.getClass().getSimpleName();
    }

    @Override
    public <T> Mono<T> during(Mono<T> work) {
        return work.doOnError(this::end).doFinally(_ -> end(null));
    }
}
