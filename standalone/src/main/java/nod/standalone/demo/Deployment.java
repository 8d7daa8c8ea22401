package nod.standalone.demo;

import nod.standalone.settings.ApiKey;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;

/** What authentik would do: the calls of the gateway's API that want the deployment's key. */
final class Deployment {
    private static final int OUTCOME_SECONDS = 10;
    private static final Duration TIMEOUT = Duration.ofSeconds(OUTCOME_SECONDS + 10L);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpClient client;
    private final URI devices;
    private final ApiKey key;

    Deployment(HttpClient client, URI gateway, ApiKey key) {
        this.client = client;
        this.devices = gateway.resolve("api/v3/authenticators/mobile/");
        this.key = key;
    }

    /** Begins an enrolment; the answer holds the device and what its QR code says. */
    JsonNode beginEnrollment(String user, String name) throws InterruptedException {
        return post(devices, Map.of("user", user, "name", name));
    }

    /** Asks the user to accept or deny a login, and returns the transaction's id. */
    UUID startLogin(String user, String application) throws InterruptedException {
        var transaction =
                post(
                        devices.resolve("transactions/"),
                        Map.of(
                                "user",
                                user,
                                "item_matching_mode",
                                "accept_deny",
                                "context",
                                Map.of("application", application)));
        return UUID.fromString(transaction.path("tx_id").asString());
    }

    /** Waits until the login is decided and returns its status. */
    String awaitStatus(UUID transaction) throws InterruptedException {
        var uri =
                devices.resolve("transactions/%s/?wait=%d".formatted(transaction, OUTCOME_SECONDS));
        return call(HttpRequest.newBuilder(uri).GET()).path("status").asString();
    }

    private JsonNode post(URI uri, Map<String, ?> body) throws InterruptedException {
        return call(
                HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    private JsonNode call(HttpRequest.Builder builder) throws InterruptedException {
        var request =
                builder.header("Authorization", "Bearer " + key.value()).timeout(TIMEOUT).build();
        try {
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new IllegalStateException(
                        "%s %s answered %d: %s"
                                .formatted(
                                        request.method(),
                                        request.uri(),
                                        response.statusCode(),
                                        response.body()));
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new IllegalStateException(
                    "%s %s got no answer".formatted(request.method(), request.uri()), e);
        }
    }
}
