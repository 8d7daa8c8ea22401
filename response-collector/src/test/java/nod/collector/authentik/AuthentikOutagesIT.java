package nod.collector.authentik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.messaging.event.Envelope;
import nod.messaging.testing.Apart;
import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.OutcomeDecided;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What authentik is to be told outlives both sides, and no other receiver holds it up. */
@ExtendWith(OutputCaptureExtension.class)
@Apart
class AuthentikOutagesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final AuthentikFixture fixture = new AuthentikFixture();
    private final AuthentikStandIn authentik = new AuthentikStandIn();

    @AfterEach
    void stop() {
        authentik.close();
        fixture.close();
    }

    @Test
    void tellsAfterARestartWhatItCouldNotBefore() throws SQLException {
        authentik.answerPosts(503, "");
        fixture.start(authentik.settings());
        var failed = fixture.reported();
        fixture.awaitFailure(failed, 1, true);
        fixture.stop();
        var meanwhile = fixture.reported();

        authentik.mend();
        fixture.passTime();
        fixture.start(authentik.settings());

        fixture.await("state", failed, "delivered");
        fixture.await("state", meanwhile, "delivered");
        assertThat(authentik.events(failed.event().txId())).hasSize(1);
        assertThat(authentik.events(meanwhile.event().txId())).hasSize(1);
    }

    /** Nobody was there: there is nothing to doubt. */
    @Test
    void tellsAnAuthentikThatIsBack() throws SQLException {
        var port = authentik.port();
        authentik.close();
        fixture.start(authentik.settings());
        var outcome = fixture.reported();
        fixture.awaitFailure(outcome, 1, false);

        try (var back = new AuthentikStandIn(port)) {
            fixture.passTime();

            back.awaitEvent(outcome.event().txId());
            fixture.await("state", outcome, "delivered");
            assertThat(back.posts(outcome.event().txId())).isEqualTo(1);
            assertThat(back.queries(outcome.event().txId())).isZero();
        }
    }

    /** authentik has the event; who posted it dies before that is written down. */
    @Test
    void makesNoSecondEventOfOneWhoseTellerDied() throws Exception {
        var stored = new CountDownLatch(1);
        authentik.answerAfter(stored);
        fixture.start(authentik.settings());
        var outcome = fixture.reported();
        authentik.awaitEvent(outcome.event().txId());
        try (var held = fixture.connect();
                var statement = held.createStatement()) {
            held.setAutoCommit(false);
            statement.execute("SELECT FROM webhook_delivery FOR UPDATE");
            stored.countDown();
            await().atMost(PATIENCE).until(fixture::isHeldUp);
            fixture.stop();
            fixture.killSessions();
            held.rollback();
        }
        fixture.await("state = 'pending' AND lease IS NOT NULL AND doubt", outcome, true);

        authentik.mend();
        fixture.passTime();
        fixture.start(authentik.settings());

        fixture.await("state", outcome, "delivered");
        assertThat(authentik.posts(outcome.event().txId())).isEqualTo(1);
        assertThat(authentik.queries(outcome.event().txId())).isEqualTo(1);
    }

    /** Its lease is over while it waits for the answer: another one takes the row, and asks. */
    @Test
    void makesNoSecondEventOfOneThatSomebodyStillPosts() throws SQLException {
        var answered = new CountDownLatch(1);
        authentik.answerAfter(answered);
        fixture.start(authentik.settings("timeout=30s"));
        var outcome = fixture.reported();
        authentik.awaitEvent(outcome.event().txId());

        fixture.passTime();

        fixture.await("state = 'delivered' AND attempts = 2", outcome, true);
        answered.countDown();
        fixture.await("status", outcome, 200);
        assertThat(authentik.posts(outcome.event().txId())).isEqualTo(1);
    }

    @Test
    void sharesTheWorkBetweenInstancesAndPostsEachOutcomeOnce() throws SQLException {
        fixture.start(authentik.settings());
        fixture.start(authentik.settings());
        List<Envelope<OutcomeDecided>> outcomes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            outcomes.add(fixture.reported());
        }

        for (var outcome : outcomes) {
            fixture.await("state", outcome, "delivered");
            assertThat(authentik.posts(outcome.event().txId())).isEqualTo(1);
            assertThat(authentik.queries(outcome.event().txId())).isZero();
        }
    }

    @Test
    void saysThatTheTokenIsRefusedAndNeverWhichItIs(CapturedOutput output) throws SQLException {
        authentik.take("another");
        var settings = new ArrayList<>(authentik.settings());
        settings.add("--logging.level.nod=info");
        fixture.start(settings);

        fixture.awaitFailure(fixture.reported(), 1, false);

        await().atMost(PATIENCE).until(() -> output.toString().contains("authentik was not told"));
        assertThat(output)
                .contains("authentik refuses the token (403)")
                .doesNotContain(AuthentikStandIn.TOKEN);
    }

    @Test
    void neitherWebhooksNorAuthentikHoldUpTheOther() throws SQLException {
        var settings = new ArrayList<>(authentik.settings("timeout=30s", "max-in-flight=1"));
        settings.addAll(webhook("silent", "timeout=30s"));
        settings.addAll(webhook("hook", "timeout=30s"));
        fixture.start(settings);
        var first = List.of(fixture.reported(), fixture.reported(), fixture.reported());

        first.forEach(outcome -> authentik.awaitEvent(outcome.event().txId()));
        authentik.beSilent();
        var second = List.of(fixture.reported(), fixture.reported(), fixture.reported());

        second.forEach(outcome -> authentik.awaitHook(outcome.id()));
        fixture.awaitNoLag(ConsumerGroup.RESPONSE_COLLECTOR_AUTHENTIK);
        fixture.awaitNoLag(ConsumerGroup.RESPONSE_COLLECTOR_WEBHOOKS);
    }

    private List<String> webhook(String name, String setting) {
        var prefix = "--nod.response-collector.webhooks." + name + ".";
        return List.of(
                prefix + "url=" + authentik.url() + "/" + name,
                prefix + "secrets=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                prefix + "allow-private-addresses=true",
                prefix + setting);
    }
}
