package nod.standalone.faults;

import nod.simulators.phone.Reply;
import nod.standalone.faults.Operation.Kind;
import nod.standalone.faults.PatientClient.Subject;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** authentik, with patience: starts logins and waits for them whatever happens. */
final class Authentik {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int WAIT_SECONDS = 5;

    private final URI base;
    private final HttpClient http;
    private final PatientClient client;
    private final History history;

    Authentik(URI gateway, HttpClient http, PatientClient client, History history) {
        this.base = gateway.resolve("api/v3/authenticators/mobile/");
        this.http = http;
        this.client = client;
        this.history = history;
    }

    /** A started transaction, as the browser's side knows it. */
    record Login(UUID txId, String right, List<String> items, Instant expires) {

        static Login of(JsonNode json) {
            return new Login(
                    UUID.fromString(json.path("tx_id").asString()),
                    json.path("item").isString() ? json.path("item").asString() : "accept",
                    json.path("items").valueStream().map(JsonNode::asString).toList(),
                    Instant.parse(json.path("expires").asString()));
        }
    }

    /** What the QR code says; nothing where the gateway could not be reached. */
    Optional<String> beginEnrolment(String user) {
        var reply =
                client.call(
                        Subject.of(Kind.ENROL, null),
                        () -> send("POST", "", Map.of("user", user), null));
        return reply.status() == 201
                ? Optional.of(JSON.readTree(reply.body()).path("payload").toString())
                : Optional.empty();
    }

    /** Starts a login, with an Idempotency-Key; nothing where that could not be done. */
    Optional<Login> start(String user, String mode, int expiresIn) {
        var key = UUID.randomUUID().toString();
        var body = Map.of("user", user, "item_matching_mode", mode, "expires_in", expiresIn);
        var reply =
                client.call(
                        Subject.of(Kind.START, null),
                        () -> send("POST", "transactions/", body, key));
        if (reply.status() != 201 && reply.status() != 200) {
            return Optional.empty();
        }
        var json = JSON.readTree(reply.body());
        var login = Login.of(json);
        history.promised(login.txId());
        history.add(Observation.of(json, history.now()));
        return Optional.of(login);
    }

    /** Starts a login with a title by which a test can tell it; whatever comes of it. */
    void start(String user, String title) {
        var body = Map.of("user", user, "title", title);
        client.call(Subject.of(Kind.START, null), () -> send("POST", "transactions/", body, null));
    }

    /** Waits until it is decided, by one long poll after the other. */
    void awaitDecision(Login login, Duration patience) {
        var deadline = history.now().plus(patience);
        while (history.now().isBefore(deadline) && !Thread.currentThread().isInterrupted()) {
            var seen = look(login.txId(), Kind.WAIT, "?wait=" + WAIT_SECONDS);
            if (seen.isPresent() && seen.get().isFinal()) {
                return;
            }
        }
    }

    /** The transaction as it stands. */
    Optional<Observation> show(UUID txId) {
        return look(txId, Kind.SHOW, "");
    }

    private Optional<Observation> look(UUID txId, Kind kind, String query) {
        var reply =
                client.call(
                        Subject.of(kind, txId),
                        Duration.ofSeconds(WAIT_SECONDS),
                        () -> send("GET", "transactions/" + txId + "/" + query, null, null));
        if (reply.status() != 200) {
            return Optional.empty();
        }
        var seen = Observation.of(JSON.readTree(reply.body()), history.now());
        history.add(seen);
        return Optional.of(seen);
    }

    void cancel(Login login) {
        client.call(
                Subject.of(Kind.CANCEL, login.txId()),
                () -> send("DELETE", "transactions/" + login.txId() + "/", null, null));
    }

    void release(String user) {
        client.call(
                Subject.of(Kind.RELEASE, null),
                () -> send("DELETE", "locks/" + user + "/", null, null));
    }

    private Reply send(
            String method, String path, @Nullable Object body, @Nullable String idempotencyKey)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Authorization", "Bearer " + Cluster.API_KEY)
                        .header("Content-Type", "application/json");
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        request.method(
                method,
                body == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(response.statusCode(), response.body());
    }
}
