package nod.standalone.secrecy;

import static org.assertj.core.api.Assertions.assertThat;

import nod.simulators.fault.Provider;
import nod.standalone.faults.Cluster;

import tools.jackson.databind.JsonNode;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The running system, the canaries, and what the parts of the story do alike. */
final class Run {

    final Cluster cluster;
    final Client client;
    final Canaries canaries;
    final Produced produced;

    /** The key of the configuration. */
    final String apiKey;

    /** The digits of every login that has some. */
    final List<Digits> digits = new ArrayList<>();

    Run(Cluster cluster, Canaries canaries, Produced produced, String apiKey) {
        this.cluster = cluster;
        this.client = new Client(cluster, produced);
        this.canaries = canaries;
        this.produced = produced;
        this.apiKey = apiKey;
    }

    /** What a QR code says. */
    record Begun(String device, String token) {}

    Begun begin(String name, String user) {
        var payload =
                client.call("POST", "", apiKey, Map.of("user", user)).expect(201).path("payload");
        var token = canaries.keep("enrollment token, " + name, payload.path("t").asString());
        return new Begun(payload.path("s").asString(), token);
    }

    Client.Answer callback(Begun begun, Map<String, Object> body) {
        return client.call("POST", begun.device() + "/enrollment_callback/", begun.token(), body);
    }

    /** Enrols a phone that has not told its push key. */
    Phone enrol(String name, String user, Provider provider, Map<String, Object> body) {
        var begun = begin(name, user);
        var token = callback(begun, body).expect(200).path("token").asString();
        canaries.keep("device token, " + name, token);
        var key =
                switch (provider) {
                    case FCM -> canaries.fcmKey("FCM push key, " + name);
                    case APNS -> canaries.apnsKey("APNs push key, " + name);
                };
        return new Phone(client, begun.device(), token, provider, key);
    }

    /** Enrols a phone that pushes reach; it tells something more of itself. */
    Phone enrol(String name, String user, Provider provider) {
        var others =
                Map.<String, Object>of("serial", canaries.token("what a phone tells, " + name));
        var phone = enrol(name, user, provider, Phone.callback(provider, Phone.newUid(), others));
        phone.setKey(phone.pushKey()).expect(204);
        return phone;
    }

    /** Starts a login of the user; returns the transaction. */
    Started start(String user, String mode, Map<String, Object> more) {
        var body = new HashMap<>(more);
        body.put("user", user);
        body.put("item_matching_mode", mode);
        var json = client.call("POST", "transactions/", apiKey, body).expect(201);
        return new Started(
                json.path("tx_id").asString(),
                json.path("item").isNull() ? "accept" : json.path("item").asString());
    }

    Started start(String user, String mode) {
        return start(user, mode, Map.of());
    }

    /** A login that was started. */
    record Started(String txId, String right) {}

    /** The phone answers; the digits are kept. */
    void answer(Phone phone, Started login, String item) {
        if (login.right().matches("[0-9]+")) {
            digits.add(new Digits(login.txId(), login.right(), item, offered(phone, login)));
        }
        phone.answer(login.txId(), item).expect(204);
    }

    private static List<String> offered(Phone phone, Started login) {
        return phone.pull()
                .expect(200)
                .valueStream()
                .filter(asked -> asked.path("tx_id").asString().equals(login.txId()))
                .flatMap(asked -> asked.path("items").valueStream())
                .map(JsonNode::asString)
                .toList();
    }

    void isDecided(Started login, String status) {
        var shown =
                client.call("GET", "transactions/" + login.txId() + "/?wait=20", apiKey, null)
                        .expect(200);
        assertThat(shown.path("status").asString()).isEqualTo(status);
    }

    void execute(String sql) throws SQLException {
        try (var connection = cluster.database();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String newUser() {
        return "user-" + UUID.randomUUID();
    }
}
