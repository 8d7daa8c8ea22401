package nod.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.contract.CheckedHttpClient;
import nod.simulators.phone.Prompt;
import nod.simulators.phone.VirtualPhone;

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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** authentik: begins enrolments, starts logins and waits for their outcome, all over HTTP. */
public final class Authentik {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient http;
    private final URI base;
    private final String apiKey;
    private final @Nullable String traceparent;

    public Authentik(URI gateway, String apiKey) {
        this(CheckedHttpClient.of(gateway), gateway, apiKey);
    }

    /** Speaks with the gateway through a client of the caller's. */
    public Authentik(HttpClient http, URI gateway, String apiKey) {
        this(http, gateway.resolve("api/v3/authenticators/mobile/"), apiKey, null);
    }

    private Authentik(HttpClient http, URI base, String apiKey, @Nullable String traceparent) {
        this.http = http;
        this.base = base;
        this.apiKey = apiKey;
        this.traceparent = traceparent;
    }

    /** The same, whose calls are all steps of that trace. */
    public Authentik within(String trace) {
        return new Authentik(http, base, apiKey, trace);
    }

    /** An answer of the gateway. */
    public record Answer(int status, JsonNode body) {}

    /** A transaction as the gateway showed it. */
    public record Login(JsonNode json) {

        public UUID txId() {
            return UUID.fromString(json.path("tx_id").asString());
        }

        /**
         * What the phone is asked for this login. Earlier ones may be pushed once more meanwhile:
         * what Kafka has not acknowledged after {@code sweep-age} is published again.
         */
        public Prompt pushedTo(VirtualPhone phone, Collection<UUID> earlier, Duration patience) {
            var prompt = phone.awaitPush(patience);
            while (!prompt.txId().equals(txId())) {
                assertThat(earlier).contains(prompt.txId());
                prompt = phone.awaitPush(patience);
            }
            return prompt;
        }

        /** The number that the browser shows; {@code accept} where there is none. */
        public String rightItem() {
            return json.path("item").isNull() ? "accept" : json.path("item").asString();
        }

        public String status() {
            return json.path("status").asString();
        }

        public @Nullable String reason() {
            return json.path("reason").isNull() ? null : json.path("reason").asString();
        }

        public @Nullable String answeredBy() {
            return json.path("answered_by").isNull() ? null : json.path("answered_by").asString();
        }

        public Instant expires() {
            return Instant.parse(json.path("expires").asString());
        }

        public List<String> devices() {
            return json.path("devices").valueStream().map(JsonNode::asString).toList();
        }

        /** How the device was reached. */
        public String delivery(UUID device) {
            return json.path("deliveries")
                    .valueStream()
                    .filter(one -> one.path("device").asString().equals(device.toString()))
                    .map(one -> one.path("state").asString())
                    .findFirst()
                    .orElse("not asked");
        }
    }

    /** Begins an enrolment; returns what the QR code says. */
    public String beginEnrolment(String user) {
        var answer = expect(201, call("POST", "", Map.of("user", user)));
        return answer.path("payload").toString();
    }

    /** Starts a login of that mode for all of the user's devices. */
    public Login start(String user, String mode) {
        return start(user, mode, Map.of());
    }

    public Login start(String user, String mode, Map<String, ?> more) {
        return new Login(expect(201, tryStart(user, mode, more)));
    }

    public Answer tryStart(String user, String mode, Map<String, ?> more) {
        var body = new HashMap<String, Object>(more);
        body.put("user", user);
        body.put("item_matching_mode", mode);
        return call("POST", "transactions/", body);
    }

    /** The login as it stands. */
    public Login show(Login login) {
        return new Login(expect(200, call("GET", "transactions/" + login.txId() + "/", null)));
    }

    /** The login once it is decided, or as it stands after that many seconds. */
    public Login await(Login login, int seconds) {
        var path = "transactions/" + login.txId() + "/?wait=" + seconds;
        return new Login(expect(200, call("GET", path, null)));
    }

    public Login await(Login login) {
        return await(login, 20);
    }

    /**
     * Follows the login by server-sent events. Returns once the first of them is under way, so that
     * what happens next is a change; every state that was told comes with the decision.
     */
    public CompletableFuture<List<Login>> follow(Login login) {
        var request =
                HttpRequest.newBuilder(base.resolve("transactions/" + login.txId() + "/events/"))
                        .header("Authorization", "Bearer " + apiKey)
                        .header("Accept", "text/event-stream")
                        .build();
        // The gateway sends the headers together with the first event.
        var lines = http.sendAsync(request, HttpResponse.BodyHandlers.ofLines()).join().body();
        return CompletableFuture.supplyAsync(
                () ->
                        lines.filter(line -> line.startsWith("data:"))
                                .map(line -> JSON.readTree(line.substring(5)))
                                .map(Login::new)
                                .toList());
    }

    public void cancel(Login login) {
        expect(204, call("DELETE", "transactions/" + login.txId() + "/", null));
    }

    public void remove(UUID device) {
        expect(204, call("DELETE", device + "/", null));
    }

    public void release(String user) {
        expect(204, call("DELETE", "locks/" + user + "/", null));
    }

    private static JsonNode expect(int status, Answer answer) {
        if (answer.status() != status) {
            throw new AssertionError("expected %d, got %s".formatted(status, answer));
        }
        return answer.body();
    }

    public Answer call(String method, String path, @Nullable Object body) {
        var request =
                HttpRequest.newBuilder(base.resolve(path))
                        .header("Authorization", "Bearer " + apiKey)
                        .header("Content-Type", "application/json")
                        .method(
                                method,
                                body == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(
                                                JSON.writeValueAsString(body)));
        if (traceparent != null) {
            request.header("traceparent", traceparent);
        }
        try {
            var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            var text = response.body();
            return new Answer(
                    response.statusCode(),
                    text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(text));
        } catch (IOException e) {
            throw new AssertionError(method + " " + path + " failed", e);
        } catch (InterruptedException e) {
            throw new AssertionError(method + " " + path + " was interrupted", e);
        }
    }
}
