package nod.messaging.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A collector of spans: takes them by OTLP over HTTP, and keeps them. */
public final class SpanReceiver implements AutoCloseable {

    private static final String PATH = "/v1/traces";

    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final List<String> raw = new CopyOnWriteArrayList<>();

    /** Listens on a free port of loopback. */
    public SpanReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(PATH, this::take);
        server.start();
    }

    /**
     * A span as it came.
     *
     * @param parent the id of the span that caused it; empty where none did
     * @param links the spans to which it has links, as {@code trace/span}
     * @param failed whether its status is an error
     */
    public record Received(
            String service,
            String trace,
            String span,
            String parent,
            String name,
            String kind,
            Map<String, String> details,
            List<String> links,
            boolean failed) {}

    /** The URL to send them to. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + PATH);
    }

    /** What came until now. */
    public List<Received> all() {
        return List.copyOf(received);
    }

    /** What came of that trace until now. */
    public List<Received> of(String trace) {
        return received.stream().filter(span -> span.trace().equals(trace)).toList();
    }

    /** Everything that came, as a text: all names, details and resources. */
    public String text() {
        return String.join("\n", raw);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            keep(exchange.getRequestBody().readAllBytes());
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private void keep(byte[] body) throws InvalidProtocolBufferException {
        var request = ExportTraceServiceRequest.parseFrom(body);
        raw.add(request.toString());
        request.getResourceSpansList().stream().flatMap(SpanReceiver::spans).forEach(received::add);
    }

    private static Stream<Received> spans(ResourceSpans one) {
        var service = details(one.getResource().getAttributesList()).get("service.name");
        return one.getScopeSpansList().stream()
                .flatMap(scope -> scope.getSpansList().stream())
                .map(span -> received(String.valueOf(service), span));
    }

    private static Received received(String service, Span span) {
        return new Received(
                service,
                hex(span.getTraceId()),
                hex(span.getSpanId()),
                hex(span.getParentSpanId()),
                span.getName(),
                span.getKind().name(),
                details(span.getAttributesList()),
                span.getLinksList().stream()
                        .map(link -> hex(link.getTraceId()) + "/" + hex(link.getSpanId()))
                        .toList(),
                span.getStatus().getCode() == Status.StatusCode.STATUS_CODE_ERROR);
    }

    private static Map<String, String> details(Collection<KeyValue> attributes) {
        return attributes.stream()
                .collect(
                        Collectors.toMap(KeyValue::getKey, one -> one.getValue().getStringValue()));
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
