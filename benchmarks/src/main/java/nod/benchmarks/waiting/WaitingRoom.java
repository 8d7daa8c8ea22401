package nod.benchmarks.waiting;

import nod.benchmarks.rig.Rig;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;

/** Holds a connection for each caller. */
final class WaitingRoom implements AutoCloseable {

    private static final String TRANSACTIONS = "api/v3/authenticators/mobile/transactions/";

    private final LoopResources loop = LoopResources.create("callers", 1, true);
    private final ConnectionProvider connections;
    private final HttpClient client;
    private final URI base;
    private final Clock clock;

    WaitingRoom(URI gateway, int size, Clock clock) {
        this.base = gateway.resolve(TRANSACTIONS);
        this.clock = clock;
        connections = ConnectionProvider.builder("callers").maxConnections(size).build();
        client =
                HttpClient.create(connections)
                        .runOn(loop)
                        .headers(headers -> headers.set("Authorization", "Bearer " + Rig.API_KEY));
    }

    /** They come, and wait from then on. */
    void enter(List<Caller> callers) {
        Flux.fromIterable(callers).flatMap(this::waiting, callers.size()).subscribe();
    }

    private Mono<Void> waiting(Caller caller) {
        return client.headers(headers -> headers.set("Accept", caller.mediaType()))
                .get()
                .uri(base.resolve(caller.path()))
                .responseContent()
                .asString(StandardCharsets.UTF_8)
                .doOnNext(text -> caller.reads(text, clock.instant()))
                .then()
                // It is seen by what the caller was not told.
                .onErrorComplete();
    }

    @Override
    public void close() {
        connections.dispose();
        loop.dispose();
    }
}
