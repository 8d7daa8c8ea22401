package nod.standalone.secrecy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.simulators.fault.Provider;
import nod.standalone.faults.Link;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/** The database and Kafka go away for a moment while secrets are on their way. */
final class OutageStory {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Run run;
    private final Leftovers leftovers;
    private final String user = Run.newUser();

    OutageStory(Run run, Leftovers leftovers) {
        this.run = run;
        this.leftovers = leftovers;
    }

    void play() throws SQLException {
        var phone = run.enrol("in outages", user, Provider.FCM);
        losesTheDatabase(phone);
        losesKafka(phone);
    }

    private void losesTheDatabase(Phone phone) {
        var login = run.start(user, "number_entry_6", Map.of("expires_in", 120));
        var begun = run.begin("without a database", user);
        var key = run.canaries.fcmKey("FCM push key, without a database");
        setDatabase(Link.State.CUT);
        await().atMost(PATIENCE).until(() -> phone.setKey(key).status() == 503);
        assertThat(phone.answer(login.txId(), login.right()).status()).isEqualTo(503);
        var body = Phone.callback(Provider.FCM, Phone.newUid(), Map.of());
        assertThat(run.callback(begun, body).status()).isEqualTo(503);
        var wrong = run.canaries.token("token, without a database");
        assertThat(run.client.call("GET", "", wrong, null).status()).isEqualTo(503);
        leftovers.readPages();
        setDatabase(Link.State.OPEN);
        await().atMost(PATIENCE).until(() -> phone.setKey(key).status() == 204);
        run.answer(phone, login, login.right());
        run.isDecided(login, "accept");
    }

    private void setDatabase(Link.State state) {
        run.cluster.gatewayToDatabase.set(state);
        run.cluster.dispatcherToDatabase.set(state);
        run.cluster.collectorToDatabase.set(state);
    }

    private void losesKafka(Phone phone) throws SQLException {
        var login = run.start(user, "number_entry_6", Map.of("expires_in", 120));
        run.cluster.gatewayToKafka.set(Link.State.CUT);
        phone.setKey(run.canaries.fcmKey("FCM push key, without Kafka")).expect(204);
        run.answer(phone, login, login.right());
        var other = run.enrol("without Kafka", Run.newUser(), Provider.APNS);
        leftovers.readOutbox();
        run.cluster.gatewayToKafka.set(Link.State.OPEN);
        run.isDecided(login, "accept");
        other.pull().expect(200);
    }
}
