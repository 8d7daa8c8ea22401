package nod.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.gateway.contract.CheckedHttpClient;
import nod.schemas.event.Topic;
import nod.standalone.demo.Demo;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

@ResourceLock(SharedStandalone.LOCK)
class StandaloneIT {
    private final Standalone nod = SharedStandalone.get();
    private final HttpClient client =
            CheckedHttpClient.of(
                    nod.gatewayUri(),
                    nod.gatewayManagementUri(),
                    nod.dispatcherManagementUri(),
                    nod.responseCollectorManagementUri(),
                    nod.simulators().controlUri());

    /** Another test may have taken Kafka away just before: the members then join again. */
    @Test
    void hasThreeServicesThatAreReady() {
        for (var service :
                List.of(
                        nod.gatewayManagementUri(),
                        nod.dispatcherManagementUri(),
                        nod.responseCollectorManagementUri())) {
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(readiness(service)).isEqualTo(200));
        }
    }

    @Test
    void refusesCallersWithoutTheKey() throws Exception {
        var devices = nod.gatewayUri().resolve("api/v3/authenticators/mobile/");

        assertThat(status(HttpRequest.newBuilder(devices))).isEqualTo(403);
        assertThat(
                        status(
                                HttpRequest.newBuilder(devices)
                                        .header("Authorization", "Bearer " + nod.apiKey().value())))
                .isEqualTo(200);
    }

    @Test
    void showsALoginThatIsApprovedAndOneThatIsDeniedWithTheirEvents() throws Exception {
        assertThat(demonstration())
                .contains("authentik reads the outcome: accept")
                .contains("authentik reads the outcome: deny")
                .contains(
                        Topic.DEVICE_CHANGED.topicName(),
                        Topic.TRANSACTION_STARTED.topicName(),
                        Topic.DELIVERY_REPORTED.topicName(),
                        Topic.RESPONSE_RECEIVED.topicName(),
                        Topic.OUTCOME_DECIDED.topicName());
    }

    @Test
    void worksOnAfterKafkaWasAway() {
        nod.kafka().stop();
        nod.kafka().start();

        await().atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(demonstration()).contains("outcome: accept"));
    }

    private String demonstration() throws InterruptedException {
        var shown = new ByteArrayOutputStream();
        Demo.run(nod, new PrintStream(shown, true, StandardCharsets.UTF_8), client);
        return shown.toString(StandardCharsets.UTF_8);
    }

    private int readiness(URI management) throws IOException, InterruptedException {
        return status(HttpRequest.newBuilder(management.resolve("actuator/health/readiness")));
    }

    private int status(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString()).statusCode();
    }
}
