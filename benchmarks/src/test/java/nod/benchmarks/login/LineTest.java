package nod.benchmarks.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import reactor.netty.http.server.HttpServer;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

class LineTest {

    /** What the gateway spends on a new connection is not what an answer costs. */
    @Test
    void keepsConnectionsForTheNextAnswer() {
        Set<Object> connections = ConcurrentHashMap.newKeySet();
        var gateway =
                HttpServer.create()
                        .host("127.0.0.1")
                        .doOnConnection(connection -> connections.add(connection.channel().id()))
                        .handle(
                                (request, response) ->
                                        request.receive().then(response.status(204).send()))
                        .bindNow();
        var line = new Line(List.of(URI.create("http://127.0.0.1:" + gateway.port())));
        try {
            for (int i = 0; i < 20; i++) {
                var answer = new Answer("/answer", Map.of(), "{}");
                assertThat(line.send(answer).join()).isEqualTo(204);
            }

            // An answer is known a moment before its connection is free again.
            assertThat(connections).hasSizeBetween(1, 2);
        } finally {
            line.close();
            gateway.disposeNow();
        }
    }
}
