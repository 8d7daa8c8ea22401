package nod.collector.authentik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;

import nod.collector.CollectorSettings.Authentik;
import nod.messaging.event.Envelope;
import nod.messaging.testing.Apart;
import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.ConfigurableApplicationContext;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Whatever authentik answers, it has each outcome once in the end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Apart
class AuthentikEventsIT {

    private final AuthentikStandIn authentik = new AuthentikStandIn();
    private final AuthentikFixture fixture = new AuthentikFixture();
    private final List<String> settings = authentik.settings("timeout=1s");
    private final ConfigurableApplicationContext service = fixture.start(settings);

    @AfterEach
    void mend() throws SQLException {
        authentik.mend();
        fixture.forget();
    }

    @AfterAll
    void stop() {
        authentik.close();
        fixture.close();
    }

    @Test
    void tellsAnOutcomeOnceWithTheLoginsAddress() throws SQLException {
        var outcome = fixture.outcome(TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
        fixture.insertLogin(
                outcome,
                """
                {"client_ip": "203.0.113.7", "application": "Wiki", "user_agent": "a browser"}
                """);
        fixture.publish(outcome);
        fixture.publish(outcome);

        var event = authentik.awaitEvent(outcome.event().txId());

        assertThat(event.path("action").asString()).isEqualTo("custom_");
        assertThat(event.path("user").path("pk").asString()).isEqualTo("ann");
        assertThat(event.path("client_ip").asString()).isEqualTo("203.0.113.7");
        assertThat(event.path("context").path("application").asString()).isEqualTo("Wiki");
        assertThat(event.toString()).doesNotContain("a browser");
        fixture.await("state", outcome, "delivered");
        fixture.awaitNoLag(ConsumerGroup.RESPONSE_COLLECTOR_AUTHENTIK);
        assertThat(authentik.posts(outcome.event().txId())).isEqualTo(1);
        assertThat(authentik.queries(outcome.event().txId())).isZero();
    }

    @Test
    void doesNotBeginWithWhatIsTooOld() throws SQLException {
        var old =
                fixture.publish(
                        fixture.outcome(TransactionStatus.EXPIRED, null, Duration.ofHours(73)));

        fixture.awaitNoLag(ConsumerGroup.RESPONSE_COLLECTOR_AUTHENTIK);

        assertThat(
                        fixture.text(
                                "SELECT count(*) FROM webhook_delivery WHERE event = '%s'"
                                        .formatted(old.id())))
                .isEqualTo("0");
    }

    @Test
    void findsTheEventWhoseAnswerWasLost() throws SQLException {
        var found = count("found");
        authentik.loseAnswers();
        var outcome = fixture.reported();
        fixture.awaitFailure(outcome, 1, true);
        // authentik may still be at it.
        fixture.await("due > now() + interval '30 seconds'", outcome, true);

        authentik.mend();
        fixture.passTime();

        fixture.await("state", outcome, "delivered");
        assertThat(authentik.events(outcome.event().txId())).hasSize(1);
        assertThat(authentik.posts(outcome.event().txId())).isEqualTo(1);
        assertThat(authentik.queries(outcome.event().txId())).isEqualTo(1);
        await().until(() -> count("found") == found + 1);
    }

    @Test
    void postsAgainOnceWhatWasLostOnTheWay() throws SQLException {
        authentik.losePosts();
        var outcome = fixture.reported();
        fixture.awaitFailure(outcome, 1, true);

        authentik.mend();
        fixture.passTime();

        fixture.await("state", outcome, "delivered");
        assertThat(authentik.events(outcome.event().txId())).hasSize(1);
        assertThat(authentik.posts(outcome.event().txId())).isEqualTo(2);
        assertThat(authentik.queries(outcome.event().txId())).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    400 | {"action":["no choice"]} | false
                    302 | | false
                    404 | <html> | false
                    200 | <html>Log in</html> | true
                    500 | | true
                    503 | {"detail":"starting | true
                    """)
    void triesAgainAfterAnyOtherAnswer(int status, String body, boolean doubt) throws SQLException {
        authentik.answerPosts(status, body == null ? "" : body, "Location", "/elsewhere");
        var outcome = fixture.reported();
        fixture.awaitFailure(outcome, 1, doubt);
        fixture.await("status", outcome, status);

        authentik.mend();
        fixture.passTime();

        fixture.await("state", outcome, "delivered");
        assertThat(authentik.events(outcome.event().txId())).hasSize(1);
        assertThat(authentik.posts(outcome.event().txId())).isEqualTo(2);
    }

    @Test
    void asksAboutWhatAuthentikWasSilentTo() throws SQLException {
        authentik.beSilent();
        var outcome = fixture.reported();
        fixture.awaitFailure(outcome, 1, true);
        fixture.await("cause", outcome, "no answer within 1000 ms");

        authentik.mend();
        fixture.passTime();

        fixture.await("state", outcome, "delivered");
        assertThat(authentik.events(outcome.event().txId())).hasSize(1);
        assertThat(authentik.queries(outcome.event().txId())).isEqualTo(1);
    }

    @Test
    void leavesAuthentikAloneAsLongAsItAsks() throws SQLException {
        authentik.answerPosts(429, "", "Retry-After", "600");
        var first = fixture.reported();
        fixture.awaitFailure(first, 1, false);
        fixture.await("due > now() + interval '590 seconds'", first, true);
        awaitPause(590);

        var second = fixture.reported();
        fixture.awaitNoLag(ConsumerGroup.RESPONSE_COLLECTOR_AUTHENTIK);
        fixture.makeDue(Authentik.ENDPOINT);

        fixture.await("attempts", second, 0);
        assertThat(authentik.posts(first.event().txId())).isEqualTo(1);
    }

    @Test
    void goesOnOnceTheTokenIsMended() throws SQLException {
        var refused = count("token_refused");
        authentik.take("another");
        var outcome = fixture.reported();
        fixture.awaitFailure(outcome, 1, false);
        fixture.await("status", outcome, 403);
        await().until(() -> count("token_refused") > refused);
        awaitPause(20);
        await().until(() -> gauge("nod.collector.authentik.backlog") > 0);

        authentik.mend();
        fixture.passTime();

        fixture.await("state", outcome, "delivered");
        assertThat(authentik.events(outcome.event().txId())).hasSize(1);
    }

    /** Nothing is posted while it is not known whether it was. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    200 | <html>
                    200 | {"pagination":{"count":7},"results":[{"app":"other"},{"app":"another"}]}
                    302 | ``
                    403 | {"detail":"no"}
                    500 | ``
                    """)
    void staysInDoubtAsLongAsAuthentikDoesNotSay(int status, String body) throws SQLException {
        authentik.loseAnswers();
        var outcome = fixture.reported();
        fixture.awaitFailure(outcome, 1, true);
        authentik.answerQueries(status, body, "Location", "/elsewhere");
        fixture.passTime();
        fixture.awaitFailure(outcome, 2, true);

        settlesByAQuery(outcome);
    }

    @Test
    void staysInDoubtAtAListThatHasNoEnd() throws SQLException {
        authentik.loseAnswers();
        var outcome = fixture.reported();
        fixture.awaitFailure(outcome, 1, true);
        authentik.answerQueriesWithoutEnd();
        fixture.passTime();
        fixture.awaitFailure(outcome, 2, true);

        settlesByAQuery(outcome);
    }

    private void settlesByAQuery(Envelope<OutcomeDecided> outcome) throws SQLException {
        assertThat(authentik.posts(outcome.event().txId())).isEqualTo(1);
        authentik.mend();
        fixture.passTime();
        fixture.await("state", outcome, "delivered");
        assertThat(authentik.posts(outcome.event().txId())).isEqualTo(1);
        assertThat(authentik.events(outcome.event().txId())).hasSize(1);
    }

    @Test
    void givesUpInTheEndCountsItAndReplaysItOnDemand() throws SQLException {
        authentik.answerPosts(500, "");
        var outcome = fixture.reported();
        fixture.awaitFailure(outcome, 1, true);
        authentik.answerQueries(500, "");
        fixture.execute("UPDATE webhook_delivery SET due = now(), until = now()");
        fixture.await("state", outcome, "given_up");
        await().until(() -> counter("nod.collector.authentik.given.up") >= 1);
        authentik.mend();

        assertThat(fixture.command(settings, "replay", Authentik.ENDPOINT)).isZero();

        fixture.await("state", outcome, "delivered");
        assertThat(authentik.events(outcome.event().txId())).hasSize(1);
    }

    /** An operator who replays one that was told makes no second event of it. */
    @Test
    void replaysNothingThatAuthentikHas() throws SQLException {
        var outcome = fixture.reported();
        fixture.await("state", outcome, "delivered");
        var id = outcome.id().toString();

        assertThat(fixture.command(settings, "replay", Authentik.ENDPOINT, id)).isZero();

        fixture.await("state = 'delivered' AND attempts = 1 AND status = 200", outcome, true);
        assertThat(authentik.posts(outcome.event().txId())).isEqualTo(1);
    }

    private void awaitPause(int seconds) {
        await().until(
                        () ->
                                "t"
                                        .equals(
                                                fixture.text(
                                                        """
                                                        SELECT paused > now() + %d * interval '1 s'
                                                        FROM webhook_endpoint WHERE name = '%s'
                                                        """
                                                                .formatted(
                                                                        seconds,
                                                                        Authentik.ENDPOINT))));
    }

    private double count(String result) {
        return service.getBean(MeterRegistry.class)
                .get("nod.collector.authentik.attempts")
                .tag("result", result)
                .counter()
                .count();
    }

    private double counter(String name) {
        return service.getBean(MeterRegistry.class).get(name).counter().count();
    }

    private double gauge(String name) {
        return service.getBean(MeterRegistry.class).get(name).gauge().value();
    }
}
