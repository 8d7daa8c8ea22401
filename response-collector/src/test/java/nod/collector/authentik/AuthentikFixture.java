package nod.collector.authentik;

import nod.collector.CollectorSettings.Authentik;
import nod.collector.delivery.DeliveryFixture;
import nod.collector.webhook.WebhooksMain;
import nod.messaging.event.Envelope;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Response collectors that tell authentik, and outcomes for them to tell. */
final class AuthentikFixture extends DeliveryFixture {

    /** A published outcome. */
    Envelope<OutcomeDecided> reported() throws SQLException {
        return publish(outcome(TransactionStatus.DENY, OutcomeReason.REPORTED));
    }

    /** Waits until the column of what authentik is to be told of that outcome has that value. */
    void await(String column, Envelope<OutcomeDecided> outcome, Object expected) {
        awaitColumn(column, Authentik.ENDPOINT, outcome.id(), expected);
    }

    /** Waits until a try has failed, and somebody has written that down. */
    void awaitFailure(Envelope<OutcomeDecided> outcome, int tries, boolean doubt) {
        var failed = "attempts = %d AND lease IS NULL AND state = 'pending' AND doubt = %s";
        await(failed.formatted(tries, doubt), outcome, true);
    }

    /** No wait, pause or lease holds any more. */
    void passTime() throws SQLException {
        execute("UPDATE webhook_endpoint SET paused = NULL");
        makeDue(Authentik.ENDPOINT);
    }

    /** Nothing is to be told any more. */
    void forget() throws SQLException {
        execute("DELETE FROM webhook_delivery");
        execute("DELETE FROM webhook_endpoint");
    }

    /** The gateway's row of that outcome. */
    void insertLogin(Envelope<OutcomeDecided> outcome, String context) throws SQLException {
        execute(
                """
                INSERT INTO transaction (tx_id, user_id, devices, mode, item, items, title, body,
                    context, expires)
                VALUES ('%s', 'ann', '{}', 'accept_deny', 'accept', '{}', '', '', '%s',
                    now() + interval '1 hour')
                """
                        .formatted(outcome.event().txId(), context));
    }

    /** Runs the command as an operator does, and brings its exit status. */
    int command(List<String> settings, String... words) {
        var arguments = new ArrayList<String>();
        arguments.add("webhooks");
        arguments.addAll(List.of(words));
        arguments.addAll(settings);
        arguments.addAll(database());
        return WebhooksMain.run(arguments.toArray(String[]::new));
    }

    /** The sessions of the services end at once, whatever they are at. */
    void killSessions() throws SQLException {
        execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND usename = 'nod_response_collector'
                """);
    }

    /** Whether a service waits for a row that the test holds. */
    boolean isHeldUp() throws SQLException {
        return "t"
                .equals(
                        text(
                                """
                                SELECT count(*) > 0 FROM pg_stat_activity
                                WHERE datname = current_database() AND wait_event_type = 'Lock'
                                    AND query LIKE '%webhook_delivery%'
                                """));
    }
}
