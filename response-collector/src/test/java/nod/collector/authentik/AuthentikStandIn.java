package nod.collector.authentik;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.awaitility.Awaitility;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * authentik's API of events as its source has it: a log of what was posted, the filter by the
 * context's model, permissions by token. It fails as it is told to, to posts and to queries. Beside
 * it, on {@code /hook} and {@code /silent}, somebody for webhooks.
 */
final class AuthentikStandIn implements AutoCloseable {

    static final String TOKEN = "akToken-0123456789abcdefghijklmnop";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String EVENTS = "/api/v3/events/events/";

    private final List<JsonNode> log = new CopyOnWriteArrayList<>();
    private final List<String> posts = new CopyOnWriteArrayList<>();
    private final List<URI> queries = new CopyOnWriteArrayList<>();
    private final List<String> hooks = new CopyOnWriteArrayList<>();
    private final Map<String, Fault> faults = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile String token = TOKEN;

    /** What it does instead of what it should. */
    @FunctionalInterface
    private interface Fault {

        void handle(HttpExchange exchange, String body) throws IOException;
    }

    AuthentikStandIn() {
        this(0);
    }

    /** On that port, where another one listened before; it has forgotten everything. */
    AuthentikStandIn(int port) {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext(EVENTS, this::handle);
        server.createContext("/hook", this::takeHook);
        server.createContext("/silent", _ -> awaitTheEnd());
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://localhost:" + port();
    }

    /** What a service needs to tell it, or what is given in its place. */
    List<String> settings(String... more) {
        var settings = new ConcurrentHashMap<String, String>();
        settings.put("url", url());
        settings.put("token", TOKEN);
        for (var setting : more) {
            var at = setting.indexOf('=');
            settings.put(setting.substring(0, at), setting.substring(at + 1));
        }
        return settings.entrySet().stream()
                .map(one -> "--nod.response-collector.authentik." + one)
                .toList();
    }

    /** From now on it takes that token alone. */
    void take(String token) {
        this.token = token;
    }

    /** From now on it is well again. */
    void mend() {
        faults.clear();
        token = TOKEN;
    }

    /** Answers posts so, and stores nothing. */
    void answerPosts(int status, String body, String... header) {
        faults.put("POST", (exchange, _) -> answer(exchange, status, body, header));
    }

    /** Answers queries so. */
    void answerQueries(int status, String body, String... header) {
        faults.put("GET", (exchange, _) -> answer(exchange, status, body, header));
    }

    /** Answers no post, and stores nothing. */
    void beSilent() {
        faults.put("POST", (_, _) -> awaitTheEnd());
    }

    /** Stores what is posted, and its answer is lost with the connection. */
    void loseAnswers() {
        faults.put("POST", (_, body) -> log.add(JSON.readTree(body)));
    }

    /** Stores nothing of what is posted: the connection is lost before. */
    void losePosts() {
        faults.put("POST", (_, _) -> {});
    }

    /** Stores what is posted, and does not answer before that is over. */
    void answerAfter(CountDownLatch latch) {
        faults.put(
                "POST",
                (exchange, body) -> {
                    log.add(JSON.readTree(body));
                    await(latch);
                    answer(exchange, EventsClient.CREATED, "{}");
                });
    }

    /** A good status and a body that has no end, to queries. */
    void answerQueriesWithoutEnd() {
        faults.put(
                "GET",
                (exchange, _) -> {
                    exchange.sendResponseHeaders(200, 0);
                    while (closed.getCount() > 0) {
                        exchange.getResponseBody().write(new byte[8192]);
                    }
                });
    }

    private void awaitTheEnd() throws IOException {
        await(closed);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            note(exchange, body);
            var fault = faults.get(exchange.getRequestMethod());
            var credential = exchange.getRequestHeaders().getFirst("Authorization");
            if (fault != null) {
                fault.handle(exchange, body);
            } else if (!("Bearer " + token).equals(credential)) {
                answer(exchange, 403, "{\"detail\":\"Token invalid/expired\"}");
            } else if (exchange.getRequestMethod().equals("POST")) {
                log.add(JSON.readTree(body));
                answer(exchange, EventsClient.CREATED, body);
            } else {
                answer(exchange, 200, found(exchange.getRequestURI()));
            }
        }
    }

    private void note(HttpExchange exchange, String body) {
        if (exchange.getRequestMethod().equals("GET")) {
            queries.add(exchange.getRequestURI());
        } else {
            posts.add(JSON.readTree(body).path("context").path("tx_id").asString());
        }
    }

    private String found(URI query) {
        var wanted =
                Arrays.stream(query.getQuery().split("&"))
                        .map(one -> one.split("=", 2))
                        .collect(Collectors.toMap(one -> one[0], one -> one[1]));
        var results =
                log.stream()
                        .filter(
                                event ->
                                        fits(event, "app", wanted)
                                                && fits(event, "model_name", wanted)
                                                && fits(event, "pk", wanted))
                        .map(JsonNode::toString)
                        .toList();
        return "{\"pagination\":{\"count\":%d},\"results\":%s}".formatted(results.size(), results);
    }

    private static boolean fits(JsonNode event, String field, Map<String, String> wanted) {
        var parameter = "context_model_" + field.replace("model_", "");
        var has = event.path("context").path("model").path(field).asString("");
        return !wanted.containsKey(parameter) || has.equals(wanted.get(parameter));
    }

    private static void answer(HttpExchange exchange, int status, String body, String... header)
            throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        if (header.length > 0) {
            exchange.getResponseHeaders().set(header[0], header[1]);
        }
        if (bytes.length == 0) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private void takeHook(HttpExchange exchange) throws IOException {
        try (exchange) {
            hooks.add(String.valueOf(exchange.getRequestHeaders().getFirst("webhook-id")));
            answer(exchange, 204, "");
        }
    }

    /** Those of that transaction in the log. */
    List<JsonNode> events(UUID txId) {
        return log.stream()
                .filter(
                        event ->
                                event.path("context")
                                        .path("tx_id")
                                        .asString()
                                        .equals(txId.toString()))
                .toList();
    }

    /** Waits until there is one. */
    JsonNode awaitEvent(UUID txId) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> events(txId), all -> !all.isEmpty())
                .getFirst();
    }

    /** How often one of that transaction was posted, stored or not. */
    long posts(UUID txId) {
        return posts.stream().filter(txId.toString()::equals).count();
    }

    /** How often it was asked for that transaction. */
    long queries(UUID txId) {
        var pk = "context_model_pk=" + txId.toString().replace("-", "") + "&";
        return queries.stream().filter(query -> query.getQuery().contains(pk)).count();
    }

    /** Waits until the webhook was told of that event. */
    void awaitHook(UUID event) {
        Awaitility.await().atMost(PATIENCE).until(() -> hooks.contains(event.toString()));
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
