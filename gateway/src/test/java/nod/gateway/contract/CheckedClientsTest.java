package nod.gateway.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Both clients find what a server does wrong, and hand on what it does right. */
class CheckedClientsTest {

    private static final String WRONG = "{\"detail\": 1}";
    private static final String RIGHT = "{\"detail\": \"Not found.\"}";

    private final StubServer server = new StubServer();
    private final List<ContractViolation> reported = new CopyOnWriteArrayList<>();
    private final Contract contract = new Contract(EnumSet.allOf(Leniency.class), reported::add);

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpClient client() {
        return CheckedHttpClient.of(contract, server.url());
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(server.url().resolve("x")).build();
    }

    @Test
    void theJdksClientThrowsWhatItFinds() {
        server.answer(404, "application/json", WRONG);

        assertThatThrownBy(() -> client().send(request(), BodyHandlers.ofString()))
                .isInstanceOf(ContractViolation.class)
                .hasMessageContaining("GET " + server.url() + "x")
                .hasMessageContaining(WRONG)
                .hasMessageContaining("/detail");
        assertThat(reported).hasSize(1);
    }

    @Test
    void theJdksClientThrowsThoughNobodyReadsTheBody() {
        server.answer(404, "application/json", WRONG);

        assertThatThrownBy(() -> client().send(request(), BodyHandlers.discarding()))
                .isInstanceOf(ContractViolation.class);
    }

    @Test
    void theJdksClientFailsWhatIsAwaitedLater() {
        server.answer(404, "application/json", WRONG);

        assertThat(client().sendAsync(request(), BodyHandlers.ofString()))
                .failsWithin(StubServer.PATIENCE)
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(ContractViolation.class);
    }

    @Test
    void theJdksClientReportsWhatIsReadLater() throws Exception {
        server.answerInParts(404, "application/json", "{\"detail\"", ": 1}");

        try (var body = client().send(request(), BodyHandlers.ofInputStream()).body()) {
            assertThat(reported).isEmpty();
            server.release();
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(WRONG);
        }

        assertThat(reported).hasSize(1);
    }

    @Test
    void theJdksClientHandsOnWhatIsRight() throws Exception {
        server.answer(404, "application/json", RIGHT);

        assertThat(client().send(request(), BodyHandlers.ofString()).body()).isEqualTo(RIGHT);
        assertThat(client().sendAsync(request(), BodyHandlers.ofString()).get().statusCode())
                .isEqualTo(404);
        assertThat(reported).isEmpty();
    }

    @Test
    void theJdksClientDoesNotWaitForTheEndOfAStream() throws Exception {
        server.answerInParts(200, "text/event-stream", "data: {}\n\n", "data: {}\n\n");

        var lines =
                client().send(
                                HttpRequest.newBuilder(
                                                server.url()
                                                        .resolve(
                                                                "api/v3/authenticators/mobile/transactions/7b8f2c1e-9d1c-4b5a-8f7e-0a1b2c3d4e5f/events/"))
                                        .header("Authorization", "Bearer x")
                                        .build(),
                                BodyHandlers.ofLines());

        assertThat(lines.body().findFirst()).hasValue("data: {}");
        assertThat(contract.served()).containsExactly("authenticators_mobile_transactions_events");
    }

    @Test
    void theJdksClientChecksWhatItSends() {
        server.answer(204, null, "");
        var request =
                HttpRequest.newBuilder(
                                server.url().resolve("api/v3/authenticators/mobile/users/removed/"))
                        .header("Authorization", "Bearer x")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"user\": \"\"}"))
                        .build();

        assertThatThrownBy(() -> client().send(request, BodyHandlers.discarding()))
                .isInstanceOf(ContractViolation.class)
                .hasMessageContaining("request BODY '/user'");
    }

    @Test
    void theJdksClientReachesNoServerThatIsNotNamed() throws Exception {
        server.answer(404, "application/json", WRONG);
        var gateway = URI.create("http://localhost:1/");
        var stranger = CheckedHttpClient.of(contract, gateway);
        var acquainted = CheckedHttpClient.of(contract, gateway, server.url());

        assertThatThrownBy(() -> stranger.send(request(), BodyHandlers.ofString()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(acquainted.send(request(), BodyHandlers.ofString()).body()).isEqualTo(WRONG);
    }

    @Test
    void springsClientThrowsWhatItFindsThoughNobodyReadsTheBody() {
        server.answer(404, "application/json", WRONG);
        var client = CheckedWebClient.of(contract, server.url().toString()).build();

        assertThatThrownBy(() -> client.get().uri("x").exchange())
                .hasRootCauseInstanceOf(ContractViolation.class);
        assertThat(reported).hasSize(1);
    }

    @Test
    void springsClientHandsOnWhatIsRight() {
        server.answer(404, "application/json", RIGHT);
        var client = CheckedWebClient.of(contract, server.url().toString()).build();

        client.get().uri("x").exchange().expectBody().json(RIGHT);
    }

    @Test
    void springsClientChecksWhatItSends() {
        server.answer(204, null, "");
        var client = CheckedWebClient.of(contract, server.url() + "api/v3").build();

        assertThatThrownBy(
                        () ->
                                client.post()
                                        .uri("/authenticators/mobile/users/removed/")
                                        .header("Authorization", "Bearer x")
                                        .bodyValue(List.of("alice"))
                                        .exchange())
                .rootCause()
                .hasMessageContaining("[\"alice\"]")
                .hasMessageContaining("request BODY ''");
    }
}
