package nod.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import nod.simulators.fault.Provider;
import nod.simulators.inbox.Received;
import nod.simulators.phone.Prompt;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.Standalone;
import nod.standalone.e2e.Authentik.Login;

import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/** What a provider received, held against the contract byte for byte. */
final class PushedBytes {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Standalone standalone;

    PushedBytes(Standalone standalone) {
        this.standalone = standalone;
    }

    /** The one push that the phone's provider received for it. */
    Received only(VirtualPhone phone) {
        var all = all(phone);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    /** Every push that asked something. */
    List<Received> all(VirtualPhone phone) {
        return inbox(phone).filter(push -> push.text().contains("tx_id")).toList();
    }

    /** Every push that only informed. */
    List<Received> notices(VirtualPhone phone) {
        return inbox(phone).filter(push -> !push.text().contains("tx_id")).toList();
    }

    private Stream<Received> inbox(VirtualPhone phone) {
        var provider = Provider.valueOf(phone.model().provider().name());
        return standalone.simulators().inbox(provider).received(phone.pushKey()).stream();
    }

    /** The push is exactly the one that the contract asks for. */
    void isExactly(VirtualPhone phone, Login login, Prompt prompt) {
        var received = only(phone);
        switch (Provider.valueOf(phone.model().provider().name())) {
            case FCM -> isFcmMessage(received, phone, login, prompt);
            case APNS -> isApnsNotification(received, phone, login, prompt);
        }
    }

    private static void isFcmMessage(
            Received received, VirtualPhone phone, Login login, Prompt prompt) {
        var message = JSON.readTree(received.text()).path("message");
        var ttl = message.path("android").path("ttl").asString();
        var left = Duration.ofMillis((long) (1000 * Double.parseDouble(ttl.replace("s", ""))));
        var lifetime = Duration.between(received.received(), login.expires());
        // What was left when it was sent: a whole second less at most, and the way here.
        assertThat(left).isBetween(lifetime.minusSeconds(2), lifetime.plusSeconds(1));
        assertThat(received.request().protocol()).isEqualTo("HTTP/2.0");
        assertThat(received.request().path()).matches("/v1/projects/[^/]+/messages:send");
        var expected =
                FCM.formatted(
                        ttl,
                        login.txId(),
                        login.expires().getEpochSecond(),
                        data(prompt),
                        prompt.body(),
                        prompt.title(),
                        phone.pushKey());
        // The SDK puts the members of its maps in an order of its own: the same bytes otherwise.
        assertThat(JSON.readTree(received.text())).isEqualTo(JSON.readTree(expected));
        assertThat(received.text()).hasSameSizeAs(expected);
    }

    /** FCM's data: a string a field, in the order of the contract. */
    private static String data(Prompt prompt) {
        var data = JSON.createObjectNode();
        data.put("tx_id", prompt.txId().toString());
        data.put("device", prompt.device().toString());
        data.put("title", prompt.title());
        data.put("body", prompt.body());
        data.put("mode", prompt.mode());
        data.put("items", JSON.writeValueAsString(prompt.items()));
        data.put("context", JSON.writeValueAsString(prompt.context()));
        data.put("expires", prompt.expires().toString());
        return JSON.writeValueAsString(data);
    }

    private static final String FCM =
            """
            {"message":{"android":{"collapse_key":"%2$s","notification":{"tag":"%2$s"},\
            "priority":"high","ttl":"%1$s"},\
            "apns":{"headers":{"apns-push-type":"alert","apns-priority":"10",\
            "apns-expiration":"%3$d","apns-collapse-id":"%2$s"},\
            "payload":{"aps":{"interruption-level":"time-sensitive","sound":"default",\
            "category":"cat_authentik_push_authorization"}}},\
            "data":%4$s,"notification":{"body":"%5$s","title":"%6$s"},"token":"%7$s"}}\
            """;

    private static void isApnsNotification(
            Received received, VirtualPhone phone, Login login, Prompt prompt) {
        var request = received.request();
        assertThat(request.protocol()).isEqualTo("HTTP/2.0");
        assertThat(request.path()).isEqualTo("/3/device/" + phone.pushKey());
        assertThat(request.header("apns-push-type")).isEqualTo("alert");
        assertThat(request.header("apns-priority")).isEqualTo("10");
        assertThat(request.header("apns-collapse-id")).isEqualTo(login.txId().toString());
        assertThat(request.header("apns-expiration"))
                .isEqualTo("" + login.expires().truncatedTo(ChronoUnit.SECONDS).getEpochSecond());
        assertThat(received.text())
                .isEqualTo(
                        APNS.formatted(
                                prompt.title(),
                                prompt.body(),
                                prompt.txId(),
                                prompt.device(),
                                prompt.mode(),
                                JSON.writeValueAsString(prompt.items()),
                                JSON.writeValueAsString(prompt.context()),
                                prompt.expires()));
    }

    private static final String APNS =
            """
            {"aps":{"alert":{"title":"%1$s","body":"%2$s"},"sound":"default",\
            "category":"cat_authentik_push_authorization","interruption-level":"time-sensitive"},\
            "tx_id":"%3$s","device":"%4$s","title":"%1$s","body":"%2$s","mode":"%5$s",\
            "items":%6$s,"context":%7$s,"expires":"%8$s"}\
            """;
}
