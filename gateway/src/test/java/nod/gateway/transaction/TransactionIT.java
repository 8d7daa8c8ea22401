package nod.gateway.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.gateway.Rows;
import nod.gateway.RunningGateway;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;

import tools.jackson.databind.JsonNode;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

class TransactionIT {

    private static final String PATH = "/authenticators/mobile/transactions/";

    private static RunningGateway gateway;
    private static Rows rows;

    @BeforeAll
    static void start() {
        var servers = new TestServers();
        rows = new Rows(servers);
        gateway = RunningGateway.start(servers);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void asksEveryConfirmedDeviceOfTheUser() {
        var first = gateway.enrol("several");
        var second = gateway.enrol("several");
        gateway.begin("several");

        var transaction = started(Map.of("user", "several"));

        assertThat(transaction.path("devices").valueStream().map(JsonNode::asString))
                .containsExactly(first.device().toString(), second.device().toString());
        assertThat(transaction.path("status").asString()).isEqualTo("wait");
        assertThat(transaction.path("item_mode").asString()).isEqualTo("number_matching_3");
        assertThat(transaction.path("item").asString()).matches("[1-9][0-9]{2}");
        assertThat(transaction.path("deliveries").path(0).path("state").asString())
                .isEqualTo("pending");
    }

    @Test
    void asksTheOneDeviceThatIsNamed() {
        gateway.enrol("one-of-two");
        var second = gateway.enrol("one-of-two");

        var transaction = started(Map.of("device", second.device()));

        assertThat(transaction.path("devices").valueStream().map(JsonNode::asString))
                .containsExactly(second.device().toString());
        assertThat(transaction.path("user").asString()).isEqualTo("one-of-two");
    }

    @Test
    void refusesAUserWithoutDevice() {
        start(Map.of("user", "nobody")).expectStatus().isNotFound();
        start(Map.of("device", UUID.randomUUID())).expectStatus().isNotFound();
    }

    @Test
    void collectsAllErrorsOfAStart() {
        start(Map.of("item_matching_mode", "x", "expires_in", 5, "title", ""))
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .json(
                        """
                        {"non_field_errors": ["Exactly one of user and device is required."],
                         "item_matching_mode": ["\\"x\\" is not a valid choice."],
                         "title": ["This field may not be blank."],
                         "expires_in": ["Ensure this value is greater than or equal to 10."]}
                        """);
    }

    @Test
    void supersedesTheOpenTransactionOfTheSameUser() {
        gateway.enrol("twice");

        var first = started(Map.of("user", "twice"));
        var second = started(Map.of("user", "twice"));

        assertThat(shown(first).path("status").asString()).isEqualTo("cancelled");
        assertThat(shown(first).path("reason").asString()).isEqualTo("superseded");
        assertThat(shown(second).path("status").asString()).isEqualTo("wait");
    }

    @Test
    void leavesToItsExpiryWhatEndsWhileTheNextStartWaitsForTheUser() throws SQLException {
        gateway.enrol("waited");
        var first = UUID.fromString(txId(started(Map.of("user", "waited"))));
        CompletableFuture<JsonNode> second;
        try (var _ = rows.holdUser("waited")) {
            second = CompletableFuture.supplyAsync(() -> started(Map.of("user", "waited")));
            await().until(() -> rows.waitingForLocks() > 0);
            rows.execute("UPDATE transaction SET expires = now() WHERE tx_id = ?", first);
        }
        second.join();

        assertThat(rows.keys("SELECT claim FROM transaction WHERE tx_id = ?", first))
                .containsExactly((Object) null);
    }

    @Test
    void returnsTheFirstTransactionOfAnIdempotencyKey() {
        gateway.enrol("key");

        var first = withKey("k-1", Map.of("user", "key")).expectStatus().isCreated();
        var again = withKey("k-1", Map.of("user", "key")).expectStatus().isOk();
        var other = withKey("k-1", Map.of("user", "key", "title", "Other"));

        assertThat(RunningGateway.body(again)).isEqualTo(RunningGateway.body(first));
        other.expectStatus().isBadRequest();
    }

    @Test
    void doesNotUseAKeyUpForARefusedRequest() {
        withKey("k-2", Map.of("user", "not-yet")).expectStatus().isNotFound();
        gateway.enrol("not-yet");
        withKey("k-2", Map.of("user", "not-yet")).expectStatus().isCreated();
    }

    @Test
    void cancelsOnceAndForGood() {
        var phone = gateway.enrol("cancel");
        var transaction = started(Map.of("user", "cancel", "item_matching_mode", "accept_deny"));

        cancel(transaction).expectStatus().isNoContent();
        cancel(transaction).expectStatus().isNoContent();

        assertThat(shown(transaction).path("reason").asString()).isEqualTo("cancelled");
        assertThat(phone.answer(txId(transaction), "accept")).isEqualTo(404);
    }

    @Test
    void leavesAnAnsweredTransactionToItsAnswer() {
        var phone = gateway.enrol("answered");
        var transaction = started(Map.of("user", "answered", "item_matching_mode", "accept_deny"));

        assertThat(phone.answer(txId(transaction), "accept")).isEqualTo(204);
        cancel(transaction).expectStatus().isNoContent();

        assertThat(shown(transaction).path("status").asString()).isEqualTo("wait");
        assertThat(phone.answer(txId(transaction), "accept")).isEqualTo(204);
        assertThat(phone.answer(txId(transaction), "deny")).isEqualTo(404);
    }

    @Test
    void refusesTheAnswerOfADeviceThatWasNotAsked() {
        gateway.enrol("asked");
        var stranger = gateway.enrol("stranger");
        var transaction = started(Map.of("user", "asked"));

        assertThat(stranger.answer(txId(transaction), "deny")).isEqualTo(404);
        assertThat(stranger.answer(txId(transaction), "report")).isEqualTo(404);
        assertThat(stranger.answer(UUID.randomUUID(), "deny")).isEqualTo(404);
    }

    @Test
    void givesAPhoneWhatItIsAskedAndMarksItAsPulled() {
        var phone = gateway.enrol("pull");
        var body = new HashMap<String, Object>();
        body.put("user", "pull");
        body.put("context", Map.of("application", "Wiki", "client_ip", "192.0.2.1"));
        var transaction = started(body);

        var prompts =
                RunningGateway.body(
                        phone.client()
                                .get()
                                .uri("/authenticators/mobile/{uuid}/transactions/", phone.device())
                                .exchange()
                                .expectStatus()
                                .isOk());

        var prompt = prompts.path(0);
        assertThat(prompt.path("tx_id").asString()).isEqualTo(txId(transaction));
        assertThat(prompt.path("body").asString()).isEqualTo("Approve the sign-in to Wiki?");
        assertThat(prompt.path("context").path("client_ip").asString()).isEqualTo("192.0.2.1");
        assertThat(prompt.path("items").size()).isEqualTo(3);
        assertThat(prompt.has("item")).isFalse();
        assertThat(shown(transaction).path("deliveries").path(0).path("state").asString())
                .isEqualTo("pulled");
    }

    @Test
    void locksTheUserAfterAReportUntilReleased() {
        var phone = gateway.enrol("reported");
        var transaction = started(Map.of("user", "reported"));

        assertThat(phone.answer(txId(transaction), "report")).isEqualTo(204);

        start(Map.of("user", "reported"))
                .expectStatus()
                .isEqualTo(429)
                .expectHeader()
                .doesNotExist("Retry-After")
                .expectBody()
                .json("{\"detail\": \"Request was throttled.\"}");
        release("reported").expectStatus().isNoContent();
        release("reported").expectStatus().isNotFound();
        start(Map.of("user", "reported")).expectStatus().isCreated();
    }

    @Test
    void hearsALateReportWithoutChangingTheDecision() {
        var phone = gateway.enrol("late");
        var transaction = started(Map.of("user", "late", "item_matching_mode", "accept_deny"));
        cancel(transaction).expectStatus().isNoContent();

        assertThat(phone.answer(txId(transaction), "report")).isEqualTo(204);

        assertThat(shown(transaction).path("reason").asString()).isEqualTo("cancelled");
        start(Map.of("user", "late")).expectStatus().isEqualTo(429);
    }

    @Test
    void takesARemovedDeviceOffWhatItIsAsked() {
        var staying = gateway.enrol("remove");
        var leaving = gateway.enrol("remove");
        var transaction = started(Map.of("user", "remove", "item_matching_mode", "accept_deny"));

        remove(leaving.device());
        assertThat(shown(transaction).path("devices").size()).isEqualTo(1);
        assertThat(leaving.answer(txId(transaction), "accept")).isEqualTo(403);

        remove(staying.device());
        assertThat(shown(transaction).path("status").asString()).isEqualTo("cancelled");
    }

    @Test
    void refusesAWaitOfMoreThanAMinute() {
        gateway.deployment()
                .get()
                .uri(PATH + UUID.randomUUID() + "/?wait=61")
                .exchange()
                .expectStatus()
                .isBadRequest();
    }

    private static void remove(UUID device) {
        gateway.deployment()
                .delete()
                .uri("/authenticators/mobile/{uuid}/", device)
                .exchange()
                .expectStatus()
                .isNoContent();
    }

    private static WebTestClient.ResponseSpec start(Map<String, ?> body) {
        return gateway.deployment().post().uri(PATH).bodyValue(body).exchange();
    }

    private static JsonNode started(Map<String, ?> body) {
        return RunningGateway.body(start(body).expectStatus().isCreated());
    }

    private static WebTestClient.ResponseSpec withKey(String key, Map<String, ?> body) {
        return gateway.deployment()
                .post()
                .uri(PATH)
                .header("Idempotency-Key", key)
                .bodyValue(body)
                .exchange();
    }

    private static WebTestClient.ResponseSpec cancel(JsonNode transaction) {
        return gateway.deployment().delete().uri(PATH + txId(transaction) + "/").exchange();
    }

    private static WebTestClient.ResponseSpec release(String user) {
        return gateway.deployment()
                .delete()
                .uri("/authenticators/mobile/locks/{user}/", user)
                .exchange();
    }

    private static JsonNode shown(JsonNode transaction) {
        return RunningGateway.body(
                gateway.deployment()
                        .get()
                        .uri(PATH + txId(transaction) + "/")
                        .exchange()
                        .expectStatus()
                        .isOk());
    }

    private static String txId(JsonNode transaction) {
        return transaction.path("tx_id").asString();
    }
}
