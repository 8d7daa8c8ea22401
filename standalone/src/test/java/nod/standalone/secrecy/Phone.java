package nod.standalone.secrecy;

import static org.awaitility.Awaitility.await;

import nod.simulators.fault.Provider;
import nod.simulators.inbox.Inbox;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** An enrolled phone: its device, its device token, its push key. */
record Phone(Client client, String device, String token, Provider provider, String pushKey) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What the callback says of a phone. */
    static Map<String, Object> callback(
            Provider provider, String deviceUid, Map<String, Object> others) {
        return Map.of(
                "device_uid",
                deviceUid,
                "info",
                Map.of(
                        "platform", provider == Provider.FCM ? "android" : "ios",
                        "os_version", "16",
                        "model", "Canary",
                        "hostname", "a phone",
                        "app_version", "1.0",
                        "others", others));
    }

    Client.Answer setKey(String key) {
        return call("set_notification_key/", Map.of("firebase_key", key));
    }

    Client.Answer answer(String txId, String item) {
        return call("receive_response/", Map.of("tx_id", txId, "selected_item", item));
    }

    Client.Answer pull() {
        return client.call("GET", device + "/transactions/", token, null);
    }

    Client.Answer call(String operation, Map<String, ?> body) {
        return client.call("POST", device + "/" + operation, token, new HashMap<>(body));
    }

    /** Until its provider was asked, and took the push or not. */
    void awaitAttempts(Inbox inbox, String txId, int count) {
        await("pushes of " + txId)
                .atMost(PATIENCE)
                .until(
                        () ->
                                inbox.received(pushKey).stream()
                                                .filter(push -> push.text().contains(txId))
                                                .count()
                                        >= count);
    }

    static String newUid() {
        return UUID.randomUUID().toString();
    }
}
