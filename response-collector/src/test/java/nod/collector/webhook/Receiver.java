package nod.collector.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import org.awaitility.Awaitility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Who is told: a server on this machine that behaves, on each of its paths, as it is told to. */
final class Receiver implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<String, HttpHandler> behaviours = new ConcurrentHashMap<>();
    private final List<Message> messages = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    Receiver() {
        this(0);
    }

    /** On that port, where another one listened before. */
    Receiver(int port) {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** A request that came. */
    record Message(String path, String id, long timestamp, String signatures, String body) {

        String content() {
            return "%s.%d.%s".formatted(id, timestamp, body);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url(String path) {
        return "http://localhost:%d/%s".formatted(port(), path);
    }

    /** All requests to that path are answered with that status. */
    void answer(String path, int status, String... header) {
        behave(
                path,
                exchange -> {
                    if (header.length > 0) {
                        exchange.getResponseHeaders().set(header[0], header[1]);
                    }
                    exchange.sendResponseHeaders(status, -1);
                });
    }

    /** A good status and a body that has no end. */
    void streamWithoutEnd(String path) {
        behave(
                path,
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    var junk = new byte[8192];
                    while (closed.getCount() > 0) {
                        exchange.getResponseBody().write(junk);
                    }
                });
    }

    /** No answer, as long as this runs. */
    void beSilent(String path) {
        behave(
                path,
                _ -> {
                    try {
                        closed.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                });
    }

    private void behave(String path, HttpHandler behaviour) {
        behaviours.put("/" + path, behaviour);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var path = exchange.getRequestURI().getPath();
            messages.add(message(path.substring(1), exchange, body));
            var behaviour = behaviours.get(path);
            if (behaviour == null) {
                exchange.sendResponseHeaders(204, -1);
            } else {
                behaviour.handle(exchange);
            }
        }
    }

    private static Message message(String path, HttpExchange exchange, String body) {
        var headers = exchange.getRequestHeaders();
        var timestamp = headers.getFirst("webhook-timestamp");
        return new Message(
                path,
                String.valueOf(headers.getFirst("webhook-id")),
                timestamp == null ? 0 : Long.parseLong(timestamp),
                String.valueOf(headers.getFirst("webhook-signature")),
                body);
    }

    /** What came to that path about that event. */
    List<Message> messages(String path, UUID event) {
        return messages.stream()
                .filter(one -> one.path().equals(path) && one.id().equals(event.toString()))
                .toList();
    }

    /** Whether anything came to that path. */
    boolean wasAsked(String path) {
        return messages.stream().anyMatch(one -> one.path().equals(path));
    }

    /** Waits until that many came. */
    List<Message> await(String path, UUID event, int number) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> messages(path, event), all -> all.size() >= number);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
