package nod.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.schemas.event.DeliveryState;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;
import nod.simulators.fault.Provider;
import nod.simulators.inbox.Received;
import nod.simulators.phone.EncryptionKey;
import nod.simulators.phone.PhoneException;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.Prompt;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.e2e.Authentik.Login;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Phones that gave an encryption key: what their providers receive, and what they can read of it.
 */
@ResourceLock(value = RunningSystem.LOCK, mode = ResourceAccessMode.READ)
class SealedPushIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final String TITLE = "Sesam öffne dich";
    private static final String BODY = "Darf Wiki für 漢字 hinein?";
    private static final Map<String, String> CONTEXT =
            Map.of(
                    "application", "Geheimes Wiki",
                    "domain", "sso.geheim.example",
                    "client_ip", "192.0.2.77",
                    "user_agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0",
                    "location", "Bielefeld, DE");

    private final RunningSystem system = RunningSystem.get();
    private final Authentik authentik = system.authentik();
    private final Auditor auditor = system.auditor();
    private final PushedBytes pushed = new PushedBytes(system.standalone());
    private final String user = RunningSystem.newUser();

    private static PhoneModel model(Provider provider) {
        return switch (provider) {
            case FCM -> PhoneModel.android("pixel").withEncryptionKey();
            case APNS -> PhoneModel.iphone("iphone").withEncryptionKey();
        };
    }

    private VirtualPhone phone(Provider provider) {
        var phone = system.phoneWithoutKey(user, model(provider));
        phone.setNotificationKey();
        return phone;
    }

    /** As no phone could: the gateway takes none that can't be used. */
    private void storeKey(VirtualPhone phone, byte[] publicKey) throws SQLException {
        try (var connection = system.database();
                var update =
                        connection.prepareStatement(
                                "UPDATE device SET encryption_key = ? WHERE pk = ?")) {
            update.setBytes(1, publicKey);
            update.setObject(2, phone.device());
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }

    private static EncryptionKey key(VirtualPhone phone) {
        return Objects.requireNonNull(phone.model().encryptionKey());
    }

    private Login start(String title, String body, Map<String, String> context) {
        return authentik.start(
                user,
                "number_matching_3",
                Map.of("title", title, "body", body, "context", context));
    }

    @ParameterizedTest
    @EnumSource
    void aLoginIsApprovedByAPhoneThatAloneCanReadWhatIsAsked(Provider provider) throws Exception {
        var phone = phone(provider);

        var login = start(TITLE, BODY, CONTEXT);
        var prompt = phone.awaitPush(PATIENCE);

        assertThat(prompt.title()).isEqualTo(TITLE);
        assertThat(prompt.body()).isEqualTo(BODY);
        assertThat(prompt.context()).isEqualTo(CONTEXT);
        assertThat(prompt.items()).hasSize(3).contains(login.rightItem());
        assertThat(phone.pull()).containsExactly(prompt);
        holdsNothingToRead(provider, pushed.only(phone), prompt);
        phone.answer(prompt, login.rightItem());
        assertThat(authentik.await(login).status()).isEqualTo("accept");
        auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
        assertThat(auditor.deliveries(login, 1).getFirst().state())
                .isEqualTo(DeliveryState.ACCEPTED);
    }

    /** Every byte of the push is known, but for those that are sealed. */
    private static void holdsNothingToRead(Provider provider, Received received, Prompt prompt) {
        var message = JSON.readTree(received.text());
        var data = JSON.createObjectNode();
        data.put("tx_id", prompt.txId().toString());
        data.put("device", prompt.device().toString());
        data.put("expires", prompt.expires().toString());
        data.put("sealed", sealed(provider, message));
        switch (provider) {
            case FCM -> {
                var shown = message.path("message");
                assertThat(shown.path("data")).isEqualTo(data);
                assertThat(shown.path("notification")).isEqualTo(neutral());
                assertThat(shown.propertyNames())
                        .containsExactlyInAnyOrder(
                                "data", "notification", "android", "apns", "token");
            }
            case APNS -> {
                var aps = message.path("aps");
                assertThat(aps.path("alert")).isEqualTo(neutral());
                assertThat(aps.path("mutable-content").asInt()).isEqualTo(1);
                assertThat(aps.propertyNames())
                        .containsExactlyInAnyOrder(
                                "alert",
                                "sound",
                                "category",
                                "interruption-level",
                                "mutable-content");
                data.set("aps", aps);
                assertThat(message).isEqualTo(data);
            }
        }
        var readable = received.text() + received.request();
        assertThat(readable)
                .doesNotContain(
                        Stream.concat(Stream.of(TITLE, BODY), CONTEXT.values().stream()).toList())
                .doesNotContain("items", "context", "number_matching");
    }

    private static JsonNode neutral() {
        return JSON.createObjectNode().put("title", "Sign-in request");
    }

    private static String sealed(Provider provider, JsonNode message) {
        var data = provider == Provider.FCM ? message.path("message").path("data") : message;
        return data.path("sealed").asString();
    }

    @ParameterizedTest
    @EnumSource
    void onePhoneCanNotOpenWhatTheOtherIsAsked(Provider provider) throws Exception {
        var one = phone(provider);
        var other = phone(provider);

        var login = start(TITLE, BODY, CONTEXT);
        one.awaitPush(PATIENCE);
        other.awaitPush(PATIENCE);

        var sealed = sealed(provider, JSON.readTree(pushed.only(one).text()));
        assertThat(key(one).open(login.txId(), sealed)).contains(TITLE);
        assertThatThrownBy(() -> key(other).open(login.txId(), sealed))
                .isInstanceOf(PhoneException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "漢", "😀", "\\"})
    void theLongestTextsArriveShortenedAndCanBePulledWhole(String character) throws Exception {
        var phones = List.of(phone(Provider.FCM), phone(Provider.APNS));
        var longest =
                Map.of(
                        "application", character.repeat(127),
                        "domain", character.repeat(127),
                        "client_ip", "192.0.2.77",
                        "user_agent", character.repeat(255),
                        "location", character.repeat(127));

        start(character.repeat(127), character.repeat(511), longest);

        for (var phone : phones) {
            var prompt = phone.awaitPush(PATIENCE);
            assertThat(prompt.title()).isEqualTo(character.repeat(127));
            assertThat(prompt.items()).hasSize(3);
            assertThat(phone.pull())
                    .singleElement()
                    .satisfies(
                            whole -> {
                                assertThat(whole.body()).isEqualTo(character.repeat(511));
                                assertThat(whole.context()).isEqualTo(longest);
                            });
        }
    }

    /** The phone may still fetch what it is asked; nothing of it is ever sent in the open. */
    @ParameterizedTest
    @EnumSource
    void aPhoneWithAKeyThatNothingCanBeSealedForIsNotPushed(Provider provider) throws Exception {
        var phone = phone(provider);
        storeKey(phone, new byte[32]);

        var login = start(TITLE, BODY, CONTEXT);

        var report = auditor.deliveries(login, 1).getFirst();
        assertThat(report.state()).isEqualTo(DeliveryState.REJECTED);
        assertThat(report.reason()).isEqualTo("encryption_key_unusable");
        assertThat(report.deadKey()).isFalse();
        assertThat(report.attempts()).isZero();
        assertThat(pushed.all(phone)).isEmpty();
        phone.answer(phone.pull().getFirst(), login.rightItem());
        assertThat(authentik.await(login).status()).isEqualTo("accept");
    }

    @Test
    void aNewDeviceIsNotNamedToTheProviderOfAnother() throws Exception {
        var first = phone(Provider.FCM);

        system.phone(user, PhoneModel.android("Onkel Ottos Telefon"));

        var notice = first.nextPush(PATIENCE).orElseThrow();
        assertThat(notice.title()).isEqualTo("A new device can approve your sign-ins");
        assertThat(notice.body()).isEmpty();
        assertThat(pushed.notices(first))
                .singleElement()
                .satisfies(push -> assertThat(push.text()).doesNotContain("Onkel"));
    }
}
