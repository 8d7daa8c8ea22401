package nod.messaging.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;

import nod.messaging.event.Traceparent;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Sends spans by OTLP over HTTP, in batches and on a thread of its own. A collector that is away or
 * slow costs spans and nothing else: 2,048 wait at most. It is this service's own: nothing of it is
 * global to the process. Thread-safe.
 */
public final class Exporter implements AutoCloseable {

    private static final String SCOPE = "nod";

    /** The protocol's default. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** For a connection; and how long a service that stops waits for the last batch. */
    private static final Duration SHORT = Duration.ofSeconds(3);

    private final SdkTracerProvider provider;
    private final Tracer tracer;

    /**
     * Begins at once, whether or not there is a collector.
     *
     * @param endpoint the whole URL
     * @param service what the spans call this service
     */
    public Exporter(URI endpoint, String service) {
        var otlp =
                OtlpHttpSpanExporter.builder()
                        .setEndpoint(endpoint.toString())
                        .setTimeout(TIMEOUT)
                        .setConnectTimeout(SHORT)
                        // Later spans would wait behind those that are sent again.
                        .setRetryPolicy(null)
                        .build();
        this.provider =
                SdkTracerProvider.builder()
                        .setResource(resource(service))
                        .addSpanProcessor(
                                BatchSpanProcessor.builder(otlp)
                                        .setScheduleDelay(Duration.ofSeconds(1))
                                        .setExporterTimeout(TIMEOUT)
                                        .build())
                        .build();
        this.tracer = provider.get(SCOPE);
    }

    private static Resource resource(String service) {
        return Resource.create(
                Attributes.builder()
                        .put("service.name", service)
                        .put("service.namespace", SCOPE)
                        .put("service.instance.id", UUID.randomUUID().toString())
                        .build());
    }

    Span begin(Kind kind, String name, @Nullable Traceparent parent, @Nullable Traceparent linked) {
        var builder = tracer.spanBuilder(name).setSpanKind(kind.kind());
        if (parent == null) {
            builder.setNoParent();
        } else {
            builder.setParent(Context.root().with(Span.wrap(context(parent))));
        }
        if (linked != null) {
            builder.addLink(context(linked));
        }
        return builder.startSpan();
    }

    private static SpanContext context(Traceparent trace) {
        return SpanContext.createFromRemoteParent(
                trace.traceId(), trace.spanId(), TraceFlags.getSampled(), TraceState.getDefault());
    }

    @Override
    public void close() {
        provider.shutdown().join(SHORT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
