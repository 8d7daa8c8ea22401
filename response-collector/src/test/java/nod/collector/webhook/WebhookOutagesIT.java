package nod.collector.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import nod.messaging.testing.Apart;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What is to be told outlives the service, and its receiver. */
@Apart
class WebhookOutagesIT {

    private final WebhookFixture fixture = new WebhookFixture();
    private final Receiver receiver = new Receiver();

    @AfterEach
    void stop() {
        receiver.close();
        fixture.close();
    }

    @Test
    void tellsAfterARestartWhatItCouldNotBefore() throws SQLException {
        receiver.answer("hook", 503);
        var settings = WebhookFixture.endpoint("hook", receiver.url("hook"));
        fixture.start(settings);
        var failed = fixture.accepted();
        fixture.awaitColumn("status", "hook", failed, 503);
        fixture.stop();
        var meanwhile = fixture.accepted();

        receiver.answer("hook", 200);
        fixture.makeDue("hook");
        fixture.start(settings);

        assertThat(receiver.await("hook", failed, 2)).hasSize(2);
        assertThat(receiver.await("hook", meanwhile, 1)).hasSize(1);
    }

    @Test
    void tellsAReceiverThatIsBack() throws SQLException {
        var port = receiver.port();
        receiver.close();
        fixture.start(WebhookFixture.endpoint("hook", receiver.url("hook")));
        var event = fixture.accepted();
        fixture.awaitColumn(
                "attempts > 0 AND lease IS NULL AND status IS NULL", "hook", event, true);

        try (var back = new Receiver(port)) {
            fixture.makeDue("hook");

            assertThat(back.await("hook", event, 1)).hasSize(1);
            fixture.awaitColumn("state", "hook", event, "delivered");
        }
    }

    /**
     * Killed before it could write down what came of its try: another one tries after the lease.
     */
    @Test
    void tellsAgainWhatWasUnderWayWhenAnInstanceDied() throws SQLException {
        fixture.start(WebhookFixture.endpoint("hook", receiver.url("hook")));
        var event = fixture.accepted();
        fixture.awaitColumn("state", "hook", event, "delivered");
        fixture.execute(
                "UPDATE webhook_delivery SET state = 'pending', lease = gen_random_uuid(),"
                        + " due = now() + interval '1 minute'");
        var other = fixture.accepted();
        receiver.await("hook", other, 1);
        assertThat(receiver.messages("hook", event)).hasSize(1);

        fixture.makeDue("hook");

        receiver.await("hook", event, 2);
        fixture.awaitColumn("state", "hook", event, "delivered");
    }

    @Test
    void sharesTheWorkBetweenInstancesAndTellsEachOutcomeOnce() throws SQLException {
        var settings = WebhookFixture.endpoint("hook", receiver.url("hook"));
        fixture.start(settings);
        fixture.start(settings);
        List<UUID> events = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            events.add(fixture.accepted());
        }

        for (var event : events) {
            fixture.awaitColumn("state", "hook", event, "delivered");
            assertThat(receiver.messages("hook", event)).hasSize(1);
        }
    }
}
