package nod.simulators.phone;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Answers as it is told, whatever it is asked, and remembers what it was asked. */
final class GatewayStub implements AutoCloseable {

    record Asked(String method, String path, @Nullable String authorization, String body) {}

    private final HttpServer server;
    private final Map<String, Reply> replies = new HashMap<>();
    private final List<Asked> asked = new ArrayList<>();
    private final List<List<String>> proofs = new ArrayList<>();

    GatewayStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    void replies(String operation, int status, String body) {
        replies.put(operation, new Reply(status, body));
    }

    Asked lastAsked() {
        return asked.getLast();
    }

    /** The DPoP headers of all requests. */
    List<List<String>> proofs() {
        return proofs;
    }

    /** The text of a QR code that leads here, below a path of its own. */
    String qrPayload(String device) {
        return "{\"u\":\"http://127.0.0.1:%d/nod/\",\"s\":\"%s\",\"t\":\"enrollment-token\"}"
                .formatted(server.getAddress().getPort(), device);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        asked.add(
                new Asked(
                        exchange.getRequestMethod(),
                        path,
                        exchange.getRequestHeaders().getFirst("Authorization"),
                        new String(
                                exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        proofs.add(exchange.getRequestHeaders().getOrDefault("DPoP", List.of()));
        String[] segments = path.split("/");
        Reply reply = replies.getOrDefault(segments[segments.length - 1], new Reply(204, ""));
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
