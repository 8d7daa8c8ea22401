package nod.dispatcher.fcm;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.concurrent.GlobalEventExecutor;

import nod.dispatcher.push.Simulated;
import nod.simulators.tls.ServerCertificate;

import org.reactivestreams.Publisher;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.tcp.SslProvider;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;

/** Answers every request alike, in ways in which the simulator never would. */
final class OddFcm implements AutoCloseable {

    /** How it answers. */
    @FunctionalInterface
    interface Answer extends BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> {}

    private final Queue<String> bodies = new ConcurrentLinkedQueue<>();
    private final ChannelGroup connections =
            new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final DisposableServer server;
    private final String host;

    private OddFcm(String host, int port, Answer answer) {
        this.host = host;
        this.server =
                HttpServer.create()
                        .bindAddress(() -> new InetSocketAddress(host, port))
                        .protocol(HttpProtocol.H2, HttpProtocol.HTTP11)
                        .secure(tls -> tls.sslContext(certificate()))
                        .doOnChannelInit((_, channel, _) -> connections.add(channel))
                        .handle(
                                (request, response) -> {
                                    return request.receive()
                                            .aggregate()
                                            .asString()
                                            .defaultIfEmpty("")
                                            .doOnNext(bodies::add)
                                            .thenMany(answer.apply(request, response));
                                })
                        .bindNow();
    }

    private static SslProvider.GenericSslContextSpec<?> certificate() {
        var folder = requireNonNull(Simulated.providers().certificateAuthorityFile().getParent());
        var certificate = ServerCertificate.findOrCreate(folder, List.of(), Clock.systemUTC());
        return Http2SslContextSpec.forServer(
                certificate.chain().toFile(), certificate.privateKey().toFile());
    }

    /** On any free port of this machine's address. */
    static OddFcm at(String host, Answer answer) {
        return at(host, 0, answer);
    }

    static OddFcm at(String host, int port, Answer answer) {
        return new OddFcm(host, port, answer);
    }

    static Answer text(int status, String body) {
        return text(status, body, "");
    }

    /** An answer with Retry-After, if that isn't empty. */
    static Answer text(int status, String body, String retryAfter) {
        return (_, response) -> {
            if (!retryAfter.isEmpty()) {
                response.header("retry-after", retryAfter);
            }
            return response.status(status)
                    .sendByteArray(Mono.just(body.getBytes(StandardCharsets.UTF_8)));
        };
    }

    /** Half an answer, then the connection is cut. */
    static Answer breakingOff() {
        return (_, response) ->
                response.status(200)
                        .sendString(Flux.just("{\"name\":", "\"taken").concatWith(cut(response)));
    }

    private static Mono<String> cut(HttpServerResponse response) {
        return Mono.fromRunnable(
                () -> response.withConnection(connection -> cut(whole(connection.channel()))));
    }

    /** At once: a plain close would be held back by HTTP/2 until its streams have ended. */
    private static void cut(Channel connection) {
        var first = connection.pipeline().firstContext();
        if (first != null) {
            first.close();
        }
    }

    /** An answer that goes on and on. */
    static Answer endless() {
        return (_, response) ->
                response.status(200).sendString(Flux.interval(Duration.ofMillis(10)).map(_ -> " "));
    }

    /** Tells that the connection takes no more requests, then answers this one. */
    static Answer goodbye(String body) {
        return (_, response) -> {
            response.withConnection(
                    connection ->
                            whole(connection.channel())
                                    .writeAndFlush(
                                            new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR)));
            return response.status(200).sendString(Mono.just(body));
        };
    }

    private static Channel whole(Channel channel) {
        return channel instanceof Http2StreamChannel ? channel.parent() : channel;
    }

    URI uri() {
        int port = ((InetSocketAddress) server.address()).getPort();
        return URI.create("https://%s:%d".formatted(host, port));
    }

    /** How many came until now. */
    int requests() {
        return bodies.size();
    }

    /** What they asked. */
    List<String> bodies() {
        return List.copyOf(bodies);
    }

    /** Stops listening and cuts every connection. */
    @Override
    public void close() {
        connections.forEach(OddFcm::cut);
        connections.newCloseFuture().awaitUninterruptibly(2000);
        server.disposeNow(Duration.ofSeconds(2));
    }
}
