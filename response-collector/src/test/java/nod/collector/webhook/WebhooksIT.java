package nod.collector.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;

import nod.collector.delivery.PastDeliveries;
import nod.messaging.testing.Apart;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.context.ConfigurableApplicationContext;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** One service with endpoints of many kinds: none of them holds up another, nor the topic. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Apart
class WebhooksIT {

    private static final String OLD_SECRET = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    private final Receiver receiver = new Receiver();
    private final WebhookFixture fixture = new WebhookFixture();
    private final List<String> settings = settings();
    private final ConfigurableApplicationContext service = fixture.start(settings);

    private List<String> settings() {
        receiver.answer("failing", 500);
        receiver.answer("moved", 302, "Location", receiver.url("elsewhere"));
        receiver.streamWithoutEnd("endless");
        receiver.beSilent("silent");
        var all = new ArrayList<String>();
        for (var name : List.of("failing", "throttling", "gone", "moved", "endless", "replayed")) {
            all.addAll(WebhookFixture.endpoint(name, receiver.url(name)));
        }
        var secrets =
                "secrets=%s,%s,%s"
                        .formatted(
                                WebhookFixture.SECRET,
                                OLD_SECRET,
                                Ed25519Keys.secret(Ed25519Keys.PRIVATE));
        all.addAll(WebhookFixture.endpoint("good", receiver.url("good"), secrets));
        all.addAll(
                WebhookFixture.endpoint(
                        "choosy", receiver.url("choosy"), "statuses=deny", "reasons=reported"));
        all.addAll(
                WebhookFixture.endpoint(
                        "silent",
                        receiver.url("silent"),
                        "statuses=cancelled",
                        "timeout=1s",
                        "max-in-flight=1"));
        all.addAll(
                WebhookFixture.endpoint(
                        "private",
                        "https://localhost:" + receiver.port() + "/private",
                        "allow-private-addresses=false"));
        return all;
    }

    @AfterAll
    void stop() {
        receiver.close();
        fixture.close();
    }

    @Test
    void tellsAnOutcomeOnceInTheRecommendedShape() throws SQLException {
        var outcome =
                fixture.publish(fixture.outcome(TransactionStatus.ACCEPT, OutcomeReason.MATCHED));
        fixture.publish(outcome);

        var message = receiver.await("good", outcome.id(), 1).getFirst();

        var json = JsonMapper.builder().build().readTree(message.body());
        assertThat(json.path("type").asString()).isEqualTo("push.outcome.decided.v1");
        assertThat(json.path("timestamp").asString())
                .isEqualTo(outcome.event().decided().toString());
        assertThat(json.path("data").path("tx_id").asString())
                .isEqualTo(outcome.event().txId().toString());
        assertThat(json.path("data").path("status").asString()).isEqualTo("accept");
        fixture.awaitNoLag();
        fixture.awaitColumn("state", "good", outcome.id(), "delivered");
        assertThat(receiver.messages("good", outcome.id())).hasSize(1);
    }

    @Test
    void signsWithEveryKey() throws SQLException {
        var message = receiver.await("good", fixture.accepted(), 1).getFirst();

        var content = message.content().getBytes(StandardCharsets.UTF_8);
        var signatures = List.of(message.signatures().split(" "));
        assertThat(signatures)
                .hasSize(3)
                .startsWith(
                        new SigningKey(WebhookFixture.SECRET).sign(content),
                        new SigningKey(OLD_SECRET).sign(content));
        assertThat(Ed25519Keys.verifies(message.content(), signatures.getLast())).isTrue();
    }

    @Test
    void tellsAnEndpointWhatItWantsAlone() throws SQLException {
        var declined =
                fixture.publish(fixture.outcome(TransactionStatus.DENY, OutcomeReason.DECLINED));
        var expired = fixture.publish(fixture.outcome(TransactionStatus.EXPIRED, null));
        var reported =
                fixture.publish(fixture.outcome(TransactionStatus.DENY, OutcomeReason.REPORTED));

        receiver.await("choosy", reported.id(), 1);
        receiver.await("good", declined.id(), 1);
        receiver.await("good", expired.id(), 1);
        assertThat(noted("choosy", declined.id())).isEqualTo("0");
        assertThat(noted("choosy", expired.id())).isEqualTo("0");
    }

    @Test
    void doesNotBeginWithWhatIsTooOld() throws SQLException {
        var old =
                fixture.publish(
                        fixture.outcome(TransactionStatus.EXPIRED, null, Duration.ofHours(73)));

        fixture.awaitNoLag();

        assertThat(noted("good", old.id())).isEqualTo("0");
    }

    @Test
    void triesAgainLaterWithTheSameIdAndBody() throws SQLException {
        var event = fixture.accepted();
        fixture.awaitColumn("status", "failing", event, 500);
        fixture.awaitColumn("due > now() + interval '1 second'", "failing", event, true);

        fixture.makeDue("failing");

        var tries = receiver.await("failing", event, 2);
        assertThat(tries).extracting(Receiver.Message::body).containsOnly(tries.get(0).body());
        fixture.awaitColumn("attempts", "failing", event, 2);
        fixture.awaitColumn("state", "failing", event, "pending");
    }

    @Test
    void givesUpInTheEndAndCountsIt() throws SQLException {
        var event = fixture.accepted();
        fixture.awaitColumn("status", "failing", event, 500);
        fixture.execute(
                "UPDATE webhook_delivery SET due = now(), until = now() WHERE event = '%s'"
                                .formatted(event)
                        + " AND endpoint = 'failing'");

        fixture.awaitColumn("state", "failing", event, "given_up");

        await().until(() -> count("nod.collector.webhook.given.up", "failing") >= 1);
    }

    @Test
    void leavesAnEndpointAloneAsLongAsItAsks() throws SQLException {
        receiver.answer("throttling", 429, "Retry-After", "600");
        var first = fixture.accepted();
        fixture.awaitColumn("status", "throttling", first, 429);
        fixture.awaitColumn("due > now() + interval '590 seconds'", "throttling", first, true);
        await().until(() -> isPaused("throttling"));

        var second = fixture.accepted();
        fixture.makeDue("throttling");

        receiver.await("good", second, 1);
        fixture.awaitNoLag();
        assertThat(receiver.messages("throttling", second)).isEmpty();
        assertThat(receiver.messages("throttling", first)).hasSize(1);
    }

    @Test
    void isSilentToAnEndpointThatIsGoneUntilSomebodyEnablesIt() throws SQLException {
        receiver.answer("gone", 410);
        var first = fixture.accepted();
        fixture.awaitColumn("status", "gone", first, 410);
        await().until(() -> isDisabled("gone"));
        var second = fixture.accepted();
        fixture.makeDue("gone");
        receiver.await("good", second, 1);
        assertThat(receiver.messages("gone", second)).isEmpty();
        await().until(() -> gauge("nod.collector.webhook.disabled", "gone") == 1);

        assertThat(fixture.command(settings, "list")).contains("gone  disabled since ");
        receiver.answer("gone", 204);
        assertThat(fixture.command(settings, "enable", "gone")).startsWith("0 gone is enabled");

        receiver.await("gone", second, 1);
        fixture.awaitColumn("state", "gone", second, "delivered");
        assertThat(fixture.command(settings, "enable", "gone")).startsWith("1 ");
    }

    @Test
    void followsNoRedirect() throws SQLException {
        fixture.awaitColumn("status", "moved", fixture.accepted(), 302);

        assertThat(receiver.wasAsked("elsewhere")).isFalse();
    }

    @Test
    void cutsOffAnAnswerThatHasNoEnd() throws SQLException {
        fixture.awaitColumn("state", "endless", fixture.accepted(), "delivered");
    }

    @Test
    void asksNobodyOnAPrivateAddress() throws SQLException {
        fixture.awaitColumn(
                "cause LIKE '%127.0.0.1 is no public address%' OR cause LIKE '%0:1 is no public%'",
                "private", fixture.accepted(), true);

        assertThat(receiver.wasAsked("private")).isFalse();
    }

    /** It is silent for good: its one try at a time is always under way. */
    @Test
    void tellsTheOthersWhileOneNeverAnswersAndReadsOn() throws SQLException {
        var events = new ArrayList<UUID>();
        for (int i = 0; i < 10; i++) {
            var status = TransactionStatus.CANCELLED;
            events.add(fixture.publish(fixture.outcome(status, OutcomeReason.CANCELLED)).id());
        }

        fixture.awaitNoLag();
        events.forEach(event -> receiver.await("good", event, 1));

        fixture.awaitColumn("cause", "silent", events.getFirst(), "no answer within 1000 ms");
        await().until(() -> gauge("nod.collector.webhook.backlog", "silent") >= 10);
        await().until(() -> gauge("nod.collector.webhook.oldest", "silent") > 0);
    }

    @Test
    void replaysOneThatWasToldAndThoseThatWereGivenUp() throws SQLException {
        var event = fixture.accepted();
        fixture.awaitColumn("state", "replayed", event, "delivered");
        assertThat(fixture.command(settings, "replay", "replayed")).startsWith("1 ");

        assertThat(fixture.command(settings, "replay", "replayed", event.toString()))
                .startsWith("0 1 will be told to replayed anew");
        receiver.await("replayed", event, 2);
        fixture.awaitColumn("state", "replayed", event, "delivered");

        fixture.execute(
                "UPDATE webhook_delivery SET state = 'given_up' WHERE endpoint = 'replayed'"
                        + " AND event = '%s'".formatted(event));
        assertThat(fixture.command(settings, "list", "replayed"))
                .contains(event.toString())
                .contains("given_up");
        assertThat(fixture.command(settings, "replay", "replayed"))
                .startsWith("0 1 will be told to replayed anew");
        receiver.await("replayed", event, 3);
    }

    @Test
    void replaysNothingForAWebhookThatIsNotThere() {
        assertThat(fixture.command(settings, "replay", "nobody"))
                .startsWith("2 webhooks: no webhook nobody is configured");
    }

    @Test
    void prunesWhatHasHadItsTime() throws SQLException {
        var kept = fixture.accepted();
        var past = fixture.accepted();
        fixture.awaitColumn("state", "good", kept, "delivered");
        fixture.awaitColumn("state", "good", past, "delivered");
        fixture.execute(
                "UPDATE webhook_delivery SET until = now() - interval '31 days'"
                        + " WHERE event = '%s'".formatted(past));

        service.getBean(PastDeliveries.class).prune(1_000).block(Duration.ofSeconds(10));

        assertThat(noted("good", past)).isEqualTo("0");
        assertThat(noted("good", kept)).isEqualTo("1");
    }

    private String noted(String endpoint, UUID event) throws SQLException {
        return String.valueOf(
                fixture.text(
                        "SELECT count(*) FROM webhook_delivery WHERE endpoint = '%s' AND event = '%s'"
                                .formatted(endpoint, event)));
    }

    private boolean isPaused(String endpoint) throws SQLException {
        return "t".equals(standing("paused > now()", endpoint));
    }

    private boolean isDisabled(String endpoint) throws SQLException {
        return "t".equals(standing("disabled IS NOT NULL", endpoint));
    }

    private String standing(String what, String endpoint) throws SQLException {
        return String.valueOf(
                fixture.text(
                        "SELECT %s FROM webhook_endpoint WHERE name = '%s'"
                                .formatted(what, endpoint)));
    }

    private double count(String name, String endpoint) {
        return service.getBean(MeterRegistry.class)
                .get(name)
                .tag("endpoint", endpoint)
                .counter()
                .count();
    }

    private double gauge(String name, String endpoint) {
        return service.getBean(MeterRegistry.class)
                .get(name)
                .tag("endpoint", endpoint)
                .gauge()
                .value();
    }
}
