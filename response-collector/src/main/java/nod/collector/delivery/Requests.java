package nod.collector.delivery;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;

import java.io.ByteArrayOutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;

/**
 * Requests to one endpoint: each is made once, follows no redirect, and has its time. Thread-safe.
 */
public final class Requests {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /**
     * Shorter than servers keep idle connections: one that they close as it is used is a failure.
     */
    private static final Duration MAX_IDLE = Duration.ofSeconds(3);

    /** Of a body no more is read, nor for longer: one without an end costs its connection. */
    private static final int MAX_BODY = 16 * 1024;

    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(1);

    private static final int MAX_CAUSE = 200;

    private static final AsciiString CONTENT_TYPE = HttpHeaderNames.CONTENT_TYPE;
    private static final String JSON = "application/json";

    private final ConnectionProvider connections;
    private final HttpClient client;
    private final Duration timeout;

    /**
     * Opens no connection yet.
     *
     * @param name of its connections
     * @param timeout how long one may take as a whole
     * @param more what else the client is to mind
     */
    public Requests(
            String name, int connections, Duration timeout, UnaryOperator<HttpClient> more) {
        this.connections =
                ConnectionProvider.builder(name)
                        .maxConnections(connections)
                        .maxIdleTime(MAX_IDLE)
                        .build();
        this.client = more.apply(client(this.connections));
        this.timeout = timeout;
    }

    /** Nothing is tried twice here: a try is one request. */
    private static HttpClient client(ConnectionProvider connections) {
        return HttpClient.create(connections)
                .followRedirect(false)
                .disableRetry(true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) CONNECT_TIMEOUT.toMillis());
    }

    /**
     * Gets what is there. Never fails.
     *
     * @param at when it is, for a {@code Retry-After} that is a date
     */
    public Mono<Reply> get(URI url, Map<String, String> headers, Instant at) {
        var all = client.headers(sent -> describe(sent, headers));
        return reply(all.get().uri(url).response((head, body) -> read(head, body, at)));
    }

    /**
     * Posts JSON. Never fails.
     *
     * @param at when it is, for a {@code Retry-After} that is a date
     */
    public Mono<Reply> post(URI url, Map<String, String> headers, String json, Instant at) {
        var all = client.headers(sent -> describe(sent, headers).set(CONTENT_TYPE, JSON));
        var body = ByteBufFlux.fromString(Mono.just(json));
        return reply(all.post().uri(url).send(body).response((head, read) -> read(head, read, at)));
    }

    private static HttpHeaders describe(HttpHeaders sent, Map<String, String> headers) {
        headers.forEach(sent::set);
        return sent.set(HttpHeaderNames.USER_AGENT, "nod");
    }

    private static Mono<Reply> read(HttpClientResponse head, ByteBufFlux body, Instant at) {
        var headers = head.responseHeaders();
        var retryAfter =
                RetryAfter.of(
                        headers.get(HttpHeaderNames.RETRY_AFTER),
                        headers.get(HttpHeaderNames.DATE),
                        at);
        return text(body).map(text -> new Reply.Answered(head.status().code(), retryAfter, text));
    }

    /** What there is of it in time; the head has come, and stands whatever becomes of the body. */
    private static Mono<String> text(ByteBufFlux body) {
        var read = new ByteArrayOutputStream();
        return body.doOnNext(part -> append(read, part))
                .takeUntil(_ -> read.size() >= MAX_BODY)
                .take(BODY_TIMEOUT)
                .onErrorComplete()
                .then(Mono.fromSupplier(() -> read.toString(StandardCharsets.UTF_8)));
    }

    private static void append(ByteArrayOutputStream read, ByteBuf part) {
        var bytes = new byte[Math.min(part.readableBytes(), MAX_BODY - read.size())];
        part.getBytes(part.readerIndex(), bytes);
        read.writeBytes(bytes);
    }

    private Mono<Reply> reply(Flux<Reply> replies) {
        return replies.single()
                .timeout(timeout)
                .onErrorResume(
                        failure -> Mono.just(new Reply.Silent(cause(failure), mayBeSent(failure))));
    }

    /** Who does not connect, or has no address, got nothing. Of all else it is not known. */
    private static boolean mayBeSent(Throwable failure) {
        return !(failure instanceof ConnectException || failure instanceof UnknownHostException);
    }

    private String cause(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return "no answer within " + timeout.toMillis() + " ms";
        }
        var cause = Objects.requireNonNullElse(failure.getCause(), failure);
        var text = cause.getClass().getSimpleName() + ": " + cause.getMessage();
        return text.substring(0, Math.min(text.length(), MAX_CAUSE));
    }

    /** Closes its connections. */
    public void close() {
        connections.dispose();
    }
}
