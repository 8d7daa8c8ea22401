package nod.simulators.wire;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.concurrent.GlobalEventExecutor;

import nod.simulators.tls.ServerCertificate;

import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * A server over TLS that hands each complete request to a function and does what that says. The
 * function runs on an event loop: it must not block.
 */
public final class WireServer implements AutoCloseable {

    /** What is kept of a body, in bytes; the rest is read and thrown away. */
    public static final int MAX_BODY = 256 * 1024;

    private static final Logger log = LoggerFactory.getLogger(WireServer.class);
    private static final Duration SHUTDOWN = Duration.ofSeconds(5);

    // Names that reactor-netty and Netty add to tell what HTTP/2 has no header for.
    private static final String NETTYS_OWN_HEADERS = "x-http2-";

    private final LoopResources loops;
    private final ChannelGroup connections;
    private final DisposableServer server;

    private WireServer(LoopResources loops, ChannelGroup connections, DisposableServer server) {
        this.loops = loops;
        this.connections = connections;
        this.server = server;
    }

    /**
     * What to listen for.
     *
     * @param name in thread names and messages
     * @param port 0 for any free one
     * @param protocols HTTP/2 alone is spoken with or without ALPN; with HTTP/1.1 beside it ALPN
     *     decides
     * @param concurrentStreams how many requests at once one HTTP/2 connection may carry
     */
    public record Listening(
            String name, String host, int port, int concurrentStreams, HttpProtocol... protocols) {}

    /**
     * Starts.
     *
     * @throws IllegalStateException when the port can't be had
     */
    public static WireServer start(
            Listening listening,
            ServerCertificate certificate,
            Function<WireRequest, Reaction> function) {
        LoopResources loops = LoopResources.create("nod-" + listening.name(), threads(), true);
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        try {
            DisposableServer server =
                    server(listening, certificate)
                            .runOn(loops)
                            .doOnChannelInit(
                                    (observer, channel, address) -> connections.add(channel))
                            .handle((request, response) -> handle(request, response, function))
                            .bindNow();
            return new WireServer(loops, connections, server);
        } catch (ChannelBindException e) {
            loops.dispose();
            throw new IllegalStateException(
                    "%s cannot listen on %s:%d: %s"
                            .formatted(
                                    listening.name(),
                                    listening.host(),
                                    listening.port(),
                                    e.getMessage()),
                    e);
        }
    }

    private static HttpServer server(Listening listening, ServerCertificate certificate) {
        SslProvider.GenericSslContextSpec<?> tls =
                Http2SslContextSpec.forServer(
                        certificate.chain().toFile(), certificate.privateKey().toFile());
        return HttpServer.create()
                .host(listening.host())
                .port(listening.port())
                .protocol(listening.protocols())
                .http2Settings(
                        settings -> settings.maxConcurrentStreams(listening.concurrentStreams()))
                .secure(spec -> spec.sslContext(tls));
    }

    private static int threads() {
        return Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
    }

    /** The port that is listened on. */
    public int port() {
        return ((InetSocketAddress) server.address()).getPort();
    }

    /** Stops listening and cuts every connection. */
    @Override
    public void close() {
        server.disposeNow(SHUTDOWN);
        // Event loops that end leave connections open on which HTTP/2 waits for its streams.
        connections.forEach(WireServer::cut);
        connections.newCloseFuture().awaitUninterruptibly(SHUTDOWN.toMillis());
        loops.disposeLater(Duration.ZERO, SHUTDOWN).block(SHUTDOWN);
    }

    private static Publisher<Void> handle(
            HttpServerRequest request,
            HttpServerResponse response,
            Function<WireRequest, Reaction> function) {
        return body(request)
                .map(body -> function.apply(wireRequest(request, body)))
                .flatMap(reaction -> react(response, reaction));
    }

    private static Mono<byte[]> body(HttpServerRequest request) {
        return request.receive()
                .asByteArray()
                .collect(ByteArrayOutputStream::new, WireServer::keep)
                .map(ByteArrayOutputStream::toByteArray);
    }

    private static void keep(ByteArrayOutputStream kept, byte[] more) {
        kept.write(more, 0, Math.min(more.length, MAX_BODY - kept.size()));
    }

    private static WireRequest wireRequest(HttpServerRequest request, byte[] body) {
        return new WireRequest(
                request.protocol(),
                request.method().name(),
                request.uri(),
                headers(request.requestHeaders()),
                body);
    }

    private static Map<String, String> headers(HttpHeaders headers) {
        Map<String, String> all = new HashMap<>();
        for (Map.Entry<String, String> header : headers) {
            String name = header.getKey().toLowerCase(Locale.ROOT);
            if (!name.startsWith(NETTYS_OWN_HEADERS)) {
                all.merge(name, header.getValue(), (one, other) -> one + ", " + other);
            }
        }
        return Map.copyOf(all);
    }

    private static Mono<Void> react(HttpServerResponse response, Reaction reaction) {
        return switch (reaction) {
            case Reaction.Answer answer -> answer(response, answer);
            case Reaction.Delayed delayed ->
                    Mono.delay(delayed.by())
                            .then(Mono.defer(() -> react(response, delayed.then())));
            case Reaction.Closed() -> {
                response.withConnection(connection -> cut(connection.channel()));
                yield Mono.never();
            }
            case Reaction.Silent() -> Mono.never();
        };
    }

    private static Mono<Void> answer(HttpServerResponse response, Reaction.Answer answer) {
        response.status(answer.status());
        answer.headers().forEach(response::header);
        if (answer.body().length == 0) {
            return response.send();
        }
        // One Mono is one DATA frame that ends the stream; pushy reads nothing else.
        return response.sendByteArray(Mono.just(answer.body())).then();
    }

    private static void cut(Channel channel) {
        Channel connection = channel instanceof Http2StreamChannel ? channel.parent() : channel;
        // From the first handler outwards: a plain close() would be held back by the HTTP/2 codec,
        // which says GOAWAY and waits for the open streams.
        ChannelHandlerContext first = connection.pipeline().firstContext();
        if (first != null) {
            first.close();
        }
        log.debug("cut the connection {}", connection);
    }
}
