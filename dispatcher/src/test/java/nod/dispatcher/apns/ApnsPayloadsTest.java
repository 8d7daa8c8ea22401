package nod.dispatcher.apns;

import static org.assertj.core.api.Assertions.assertThat;

import nod.dispatcher.push.DeviceAdded;
import nod.dispatcher.push.Prompts;
import nod.dispatcher.push.SealedPrompt;
import nod.dispatcher.seal.HpkeSealing;
import nod.schemas.event.TransactionContext;
import nod.simulators.phone.EncryptionKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.json.JsonMapper;

import java.nio.charset.StandardCharsets;

class ApnsPayloadsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Test
    void looksAsTheContractSays() {
        var context = new TransactionContext("Wiki", null, "192.0.2.1", null, null);

        assertThat(ApnsPayloads.of(Prompts.with("Sign-in request", "Approve?", context)))
                .isEqualTo(
                        """
                        {"aps":{"alert":{"title":"Sign-in request","body":"Approve?"},\
                        "sound":"default","category":"cat_authentik_push_authorization",\
                        "interruption-level":"time-sensitive"},\
                        "tx_id":"0b1b0c3e-6f0e-4e6e-9d5e-1d1f3f1c0a01",\
                        "device":"7d9f4a4c-2f57-4b1c-8a53-0d8b6a1f2b02",\
                        "title":"Sign-in request","body":"Approve?",\
                        "mode":"number_matching_2","items":["12","34","56"],\
                        "context":{"application":"Wiki","client_ip":"192.0.2.1"},\
                        "expires":"2026-03-01T12:01:00.123456Z"}\
                        """);
    }

    @Test
    void aNoticeBringsNothingToAnswer() {
        var notice = new DeviceAdded(Prompts.DEVICE, "Ann's \"new\" phone", Prompts.EXPIRES);

        assertThat(ApnsPayloads.of(notice))
                .isEqualTo(
                        """
                        {"aps":{"alert":{"title":"New device",\
                        "body":"\\"Ann's \\"new\\" phone\\" can approve your sign-ins from now on. \
                        If you did not add it, report it."},"sound":"default"}}\
                        """);
    }

    @Test
    void aSealedOneLooksAsTheContractSays() {
        assertThat(ApnsPayloads.of(SealedPrompt.of(Prompts.longest("x"), new byte[] {-1, -2, -3})))
                .isEqualTo(
                        """
                        {"aps":{"alert":{"title":"Sign-in request"},\
                        "sound":"default","category":"cat_authentik_push_authorization",\
                        "interruption-level":"time-sensitive","mutable-content":1},\
                        "tx_id":"0b1b0c3e-6f0e-4e6e-9d5e-1d1f3f1c0a01",\
                        "device":"7d9f4a4c-2f57-4b1c-8a53-0d8b6a1f2b02",\
                        "expires":"2026-03-01T12:01:00.123456Z","sealed":"__79"}\
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "漢", "😀", "\"", "\\", "\u0001", "\u2028", "<", "\n"})
    void theLongestTextsFitSealedAsWell(String character) {
        var key = EncryptionKey.generate();
        var secret = Prompts.secret(Prompts.longest(character), key.publicKey());

        var payload =
                ApnsPayloads.of(
                        new HpkeSealing().seal(ApnsPayloads.shortened(secret)).orElseThrow());

        assertThat(payload.getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(ApnsPayloads.LIMIT);
        var sealed = JSON.readTree(payload).path("sealed").stringValue();
        var opened = JSON.readTree(key.open(Prompts.TX, sealed));
        assertThat(opened.path("items").size()).isEqualTo(3);
        assertThat(opened.path("title").stringValue()).isEqualTo(character.repeat(255));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "漢", "😀"})
    void aSealedOneIsShortenedNoMoreThanNeeded(String character) {
        var key = EncryptionKey.generate();
        var secret = Prompts.secret(Prompts.longest(character), key.publicKey());

        var payload =
                ApnsPayloads.of(
                        new HpkeSealing().seal(ApnsPayloads.shortened(secret)).orElseThrow());

        // A character more takes six bytes at most: base64url makes four of three.
        assertThat(payload.getBytes(StandardCharsets.UTF_8).length)
                .isGreaterThan(ApnsPayloads.LIMIT - 6);
    }

    @Test
    void aNoticeToAPhoneWhosePushesAreSealedNamesNothing() {
        assertThat(ApnsPayloads.of(new DeviceAdded(Prompts.DEVICE, null, Prompts.EXPIRES)))
                .isEqualTo(
                        """
                        {"aps":{"alert":{"title":"A new device can approve your sign-ins"},\
                        "sound":"default"}}\
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "漢", "😀", "\"", "\\", "\u0001", "\u2028", "<", "\n"})
    void theLongestTextsFitWhateverTheyAreMadeOf(String character) {
        var payload = ApnsPayloads.of(Prompts.longest(character));

        assertThat(payload.getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(ApnsPayloads.LIMIT);
        assertThat(JSON.readTree(payload).path("items").size()).isEqualTo(3);
    }

    @Test
    void fillsTheLimitToTheByte() {
        int empty = ApnsPayloads.size(Prompts.with("t", "", TransactionContext.EMPTY));
        // The body stands in the alert and beside it.
        var body = "x".repeat((ApnsPayloads.LIMIT - empty) / 2);

        assertThat(ApnsPayloads.of(Prompts.with("t", body, TransactionContext.EMPTY)))
                .contains("\"" + body + "\"");
        assertThat(ApnsPayloads.of(Prompts.with("t", body + "x", TransactionContext.EMPTY)))
                .contains("\"body\":\"" + body.substring(0, body.length() - 3) + "…\"");
    }

    @Test
    void shortensTheAlertAndTheDataAlike() {
        var payload = JSON.readTree(ApnsPayloads.of(Prompts.longest("a")));

        assertThat(payload.path("aps").path("alert").path("body")).isEqualTo(payload.path("body"));
    }
}
