package nod.standalone.secrecy;

import nod.gateway.contract.CheckedHttpClient;
import nod.standalone.faults.Cluster;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Calls the gateway as anybody does, and keeps what is answered to whom is refused. */
final class Client {

    static final String REFUSED = "answers that refuse";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String MOBILE = "api/v3/authenticators/mobile/";

    private final HttpClient http;
    private final URI base;
    private final Produced produced;

    Client(Cluster cluster, Produced produced) {
        this.http =
                CheckedHttpClient.of(
                        cluster.gatewayUri(), cluster.managementUris().toArray(URI[]::new));
        this.base = cluster.gatewayUri();
        this.produced = produced;
    }

    /** What was answered. */
    record Answer(int status, String body) {

        JsonNode json() {
            return JSON.readTree(body);
        }

        /** It, if it is of that status. */
        JsonNode expect(int expected) {
            if (status != expected) {
                throw new AssertionError("expected %d, got %s".formatted(expected, this));
            }
            return body.isEmpty() ? JSON.createObjectNode() : json();
        }
    }

    /** Calls an operation below the mobile API with a value as JSON; null sends no body. */
    Answer call(String method, String path, String token, @Nullable Object body) {
        return callWith(method, path, token, body == null ? null : JSON.writeValueAsString(body));
    }

    /** Where that operation is. */
    URI uri(String path) {
        return base.resolve(MOBILE + path);
    }

    /** The same with any text as the body. */
    Answer callWith(String method, String path, @Nullable String token, @Nullable String body) {
        return callWith(method, path, token, null, body);
    }

    /** The same with a proof that the token is the caller's. */
    Answer callWith(
            String method,
            String path,
            @Nullable String token,
            @Nullable String proof,
            @Nullable String body) {
        var request =
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(30))
                        .method(
                                method,
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (proof != null) {
            request.header("DPoP", proof);
        }
        return send(request.build());
    }

    /** A page of a service's management. */
    Answer page(URI uri) {
        return send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build());
    }

    private Answer send(HttpRequest request) {
        try {
            var response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() >= 400) {
                produced.add(REFUSED, response.headers().map() + "\n" + response.body());
            }
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new AssertionError(request.method() + " " + request.uri().getPath(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
