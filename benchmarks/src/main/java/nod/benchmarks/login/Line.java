package nod.benchmarks.login;

import io.netty.buffer.Unpooled;

import org.jspecify.annotations.Nullable;

import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Over which all phones answer: a pool of connections to each gateway, in turn. Thread-safe. */
public final class Line implements AutoCloseable {

    private static final int CONNECTIONS = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<URI> gateways;
    // However many wait for one: it is the gateway that may turn them away, and not we.
    private final ConnectionProvider connections =
            ConnectionProvider.builder("phones")
                    .maxConnections(CONNECTIONS)
                    .pendingAcquireMaxCount(-1)
                    .build();
    private final LoopResources loop = LoopResources.create("phones", 1, true);
    private final HttpClient client =
            HttpClient.create(connections).runOn(loop).responseTimeout(PATIENCE);
    private final AtomicLong turn = new AtomicLong();

    public Line(List<URI> gateways) {
        this.gateways = List.copyOf(gateways);
    }

    /** Completes with the status of the gateway's answer. */
    public CompletableFuture<@Nullable Integer> send(Answer answer) {
        var gateway = gateways.get((int) (turn.getAndIncrement() % gateways.size()));
        return client.headers(
                        headers -> {
                            headers.set("Content-Type", "application/json");
                            headers.set("Accept", "application/json");
                            answer.headers().forEach(headers::set);
                        })
                .post()
                .uri(gateway.resolve(answer.path()))
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(bytes(answer))))
                // Read to its end, or the connection would be closed.
                .responseSingle(
                        (response, body) ->
                                body.asByteArray().then(Mono.just(response.status().code())))
                .toFuture();
    }

    private static byte[] bytes(Answer answer) {
        return answer.body().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        connections.dispose();
        loop.dispose();
    }
}
