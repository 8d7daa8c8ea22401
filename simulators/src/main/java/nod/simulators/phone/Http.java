package nod.simulators.phone;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** JSON requests, one at a time. */
record Http(HttpClient client) {

    // More than any wait that is asked for.
    private static final Duration LONGEST = Duration.ofSeconds(90);

    /** A client of its own. */
    Http() {
        this(
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .connectTimeout(Duration.ofSeconds(5))
                        .build());
    }

    /**
     * What a request shows of who sends it.
     *
     * @param bearer the token
     * @param proof that the token is its sender's; null: none
     */
    record Credential(String bearer, @Nullable String proof) {}

    /** Sends with that credential and that JSON body, where given; any status is an answer. */
    Reply send(String method, URI uri, @Nullable Credential credential, @Nullable String json) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(LONGEST);
        request.header("Accept", "application/json");
        if (credential != null) {
            request.header("Authorization", "Bearer " + credential.bearer());
        }
        if (credential != null && credential.proof() != null) {
            request.header("DPoP", credential.proof());
        }
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        request.method(
                method,
                json == null
                        ? HttpRequest.BodyPublishers.noBody()
                        : HttpRequest.BodyPublishers.ofString(json));
        try {
            var response = client.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new PhoneException("%s %s: %s".formatted(method, uri, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PhoneException("%s %s: interrupted".formatted(method, uri), e);
        }
    }

    /** The same, but only one status is an answer. */
    String expect(
            int status,
            String method,
            URI uri,
            @Nullable Credential credential,
            @Nullable String json) {
        Reply reply = send(method, uri, credential, json);
        if (reply.status() != status) {
            throw new PhoneException(
                    "%s %s: %d, expected %d: %s"
                            .formatted(method, uri, reply.status(), status, reply.body()));
        }
        return reply.body();
    }
}
