package nod.dispatcher.fcm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.client.json.gson.GsonFactory;

import nod.dispatcher.push.DeviceAdded;
import nod.dispatcher.push.MobilePrompt;
import nod.dispatcher.push.PromptSealing;
import nod.dispatcher.push.Prompts;
import nod.dispatcher.push.Push;
import nod.dispatcher.push.PushAddress;
import nod.dispatcher.push.SealedPrompt;
import nod.dispatcher.seal.HpkeSealing;
import nod.schemas.event.TransactionContext;
import nod.simulators.phone.EncryptionKey;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

class FcmMessagesTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LEFT = Duration.ofSeconds(42);

    private final FcmMessages messages = messages(new HpkeSealing());

    private static FcmMessages messages(PromptSealing sealing) {
        return new FcmMessages(GsonFactory.getDefaultInstance(), sealing);
    }

    private String text(Push push) throws IOException {
        return text(messages, push);
    }

    private static String text(FcmMessages messages, Push push) throws IOException {
        return GsonFactory.getDefaultInstance().toString(messages.of(push).orElseThrow());
    }

    private JsonNode json(PushAddress address, MobilePrompt prompt, Duration left)
            throws IOException {
        return JSON.readTree(text(new Push(address, prompt, left)));
    }

    private JsonNode json(MobilePrompt prompt) throws IOException {
        return json(PushAddress.of("token", "android"), prompt, LEFT);
    }

    @Test
    void looksAsTheContractSays() throws IOException {
        var context = new TransactionContext("Wiki", null, "192.0.2.1", null, null);

        assertThat(json(Prompts.with("Sign-in request", "Approve?", context)))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {
                                  "token": "token",
                                  "data": {
                                    "tx_id": "0b1b0c3e-6f0e-4e6e-9d5e-1d1f3f1c0a01",
                                    "device": "7d9f4a4c-2f57-4b1c-8a53-0d8b6a1f2b02",
                                    "title": "Sign-in request",
                                    "body": "Approve?",
                                    "mode": "number_matching_2",
                                    "items": "[\\"12\\",\\"34\\",\\"56\\"]",
                                    "context": "{\\"application\\":\\"Wiki\\",\\"client_ip\\":\\"192.0.2.1\\"}",
                                    "expires": "2026-03-01T12:01:00.123456Z"
                                  },
                                  "notification": {"title": "Sign-in request", "body": "Approve?"},
                                  "android": {
                                    "priority": "high",
                                    "ttl": "42s",
                                    "collapse_key": "0b1b0c3e-6f0e-4e6e-9d5e-1d1f3f1c0a01",
                                    "notification": {"tag": "0b1b0c3e-6f0e-4e6e-9d5e-1d1f3f1c0a01"}
                                  },
                                  "apns": {
                                    "headers": {
                                      "apns-push-type": "alert",
                                      "apns-priority": "10",
                                      "apns-expiration": "1772366460",
                                      "apns-collapse-id": "0b1b0c3e-6f0e-4e6e-9d5e-1d1f3f1c0a01"
                                    },
                                    "payload": {
                                      "aps": {
                                        "sound": "default",
                                        "category": "cat_authentik_push_authorization",
                                        "interruption-level": "time-sensitive"
                                      }
                                    }
                                  }
                                }
                                """));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x", "\"", "\\", "<", "'", "=", "\u0001", "\u007f", "é", "\u2028", "語", "😀"
            })
    void knowsWithoutWritingItHowLongAMessageIsAtMost(String character) {
        var longest = Prompts.longest(character);

        assertThat(FcmMessages.atMost(longest))
                .isGreaterThanOrEqualTo(messages.size(longest, Duration.ofDays(30)));
    }

    @Test
    void allButItsTextsTakesNoMoreThanIsReckoned() {
        var empty = Prompts.with("", "", TransactionContext.EMPTY);

        assertThat(FcmMessages.atMost(empty))
                .isGreaterThanOrEqualTo(messages.size(empty, Duration.ofDays(30)));
    }

    @Test
    void aUsualLoginIsKnownToFit() {
        var context =
                new TransactionContext(
                        "Wiki of the company",
                        "login.example.org",
                        "2001:db8:85a3::8a2e:370:7334",
                        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"
                                + " (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
                        "Zürich, Switzerland");

        assertThat(FcmMessages.atMost(Prompts.with("Sign-in request", "Was it you?", context)))
                .isLessThan(FcmMessages.LIMIT);
    }

    @Test
    void aSealedOneLooksAsTheContractSays() throws IOException {
        PromptSealing sealing =
                secret -> Optional.of(SealedPrompt.of(secret.prompt(), new byte[] {-1, -2, -3}));
        var secret = Prompts.secret(Prompts.longest("x"), new byte[32]);

        assertThat(
                        JSON.readTree(
                                text(
                                        messages(sealing),
                                        new Push(PushAddress.of("token", "ios"), secret, LEFT))))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {
                                  "token": "token",
                                  "data": {
                                    "tx_id": "0b1b0c3e-6f0e-4e6e-9d5e-1d1f3f1c0a01",
                                    "device": "7d9f4a4c-2f57-4b1c-8a53-0d8b6a1f2b02",
                                    "expires": "2026-03-01T12:01:00.123456Z",
                                    "sealed": "__79"
                                  },
                                  "notification": {"title": "Sign-in request"},
                                  "android": {
                                    "priority": "high",
                                    "ttl": "42s",
                                    "collapse_key": "0b1b0c3e-6f0e-4e6e-9d5e-1d1f3f1c0a01",
                                    "notification": {"tag": "0b1b0c3e-6f0e-4e6e-9d5e-1d1f3f1c0a01"}
                                  },
                                  "apns": {
                                    "headers": {
                                      "apns-push-type": "alert",
                                      "apns-priority": "10",
                                      "apns-expiration": "1772366460",
                                      "apns-collapse-id": "0b1b0c3e-6f0e-4e6e-9d5e-1d1f3f1c0a01"
                                    },
                                    "payload": {
                                      "aps": {
                                        "sound": "default",
                                        "category": "cat_authentik_push_authorization",
                                        "interruption-level": "time-sensitive",
                                        "mutable-content": 1
                                      }
                                    }
                                  }
                                }
                                """));
    }

    @Test
    void nothingIsMadeOfWhatCanNotBeSealed() {
        var secret = Prompts.secret(Prompts.small(), new byte[32]);

        assertThat(messages.of(new Push(PushAddress.of("token", "ios"), secret, LEFT))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "漢", "😀", "\"", "\\", "\u0001", "\u2028", "<", "\n"})
    void theLongestTextsFitSealedAsWell(String character) throws IOException {
        var key = EncryptionKey.generate();
        var secret = Prompts.secret(Prompts.longest(character), key.publicKey());

        var text = text(new Push(PushAddress.of("token", "android"), secret, LEFT));

        assertThat(bytes(text)).isLessThanOrEqualTo(FcmMessages.LIMIT);
        var sealed = JSON.readTree(text).path("data").path("sealed").stringValue();
        var opened = JSON.readTree(key.open(Prompts.TX, sealed));
        assertThat(opened.path("items").size()).isEqualTo(3);
        assertThat(opened.path("title").stringValue()).isEqualTo(character.repeat(255));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "漢", "😀"})
    void aSealedOneIsShortenedNoMoreThanNeeded(String character) throws IOException {
        var key = EncryptionKey.generate();
        var secret = Prompts.secret(Prompts.longest(character), key.publicKey());

        var text = text(new Push(PushAddress.of("token", "android"), secret, LEFT));

        // A character more takes six bytes at most: base64url makes four of three.
        assertThat(bytes(text)).isGreaterThan(FcmMessages.LIMIT - 6);
    }

    /** What counts towards the limit of a message to "token". */
    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length - "\"token\":\"token\",".length();
    }

    @Test
    void aNoticeToAPhoneWhosePushesAreSealedNamesNothing() throws IOException {
        var notice = new DeviceAdded(Prompts.DEVICE, null, Prompts.EXPIRES);
        var json = JSON.readTree(text(new Push(PushAddress.of("token", "android"), notice, LEFT)));

        assertThat(json.path("notification"))
                .isEqualTo(JSON.readTree("{\"title\":\"A new device can approve your sign-ins\"}"));
        assertThat(json.has("data")).isFalse();
    }

    @Test
    void sendsToAnInstallationIdAsSuch() throws IOException {
        var json = json(PushAddress.of("cRyOuz6HT9q0iuK3xj_-rb", "ios"), Prompts.small(), LEFT);

        assertThat(json.path("fid").stringValue()).isEqualTo("cRyOuz6HT9q0iuK3xj_-rb");
        assertThat(json.has("token")).isFalse();
    }

    @Test
    void aNoticeIsShownWithoutHasteAndBringsNothingToAnswer() throws IOException {
        var notice = new DeviceAdded(Prompts.DEVICE, "new phone", Prompts.EXPIRES);
        var json = JSON.readTree(text(new Push(PushAddress.of("token", "android"), notice, LEFT)));

        assertThat(json.path("notification").path("title").stringValue()).isEqualTo("New device");
        assertThat(json.path("notification").path("body").stringValue())
                .startsWith("\"new phone\" can approve your sign-ins");
        assertThat(json.has("data")).isFalse();
        assertThat(json.path("android").path("priority").stringValue()).isEqualTo("normal");
        assertThat(json.path("android").path("collapse_key").stringValue())
                .isEqualTo(Prompts.DEVICE.toString());
        assertThat(json.path("apns").path("headers").path("apns-priority").stringValue())
                .isEqualTo("5");
    }

    @Test
    void refusesAnApnsDeviceToken() {
        var push = new Push(PushAddress.of("0".repeat(64), "ios"), Prompts.small(), LEFT);

        assertThatThrownBy(() -> messages.of(push)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({"PT0.001S,0s", "PT0.999S,0s", "PT1S,1s", "PT59.9S,59s", "PT10M,600s"})
    void livesForTheWholeSecondsThatAreLeft(Duration left, String ttl) throws IOException {
        var json = json(PushAddress.of("token", "android"), Prompts.small(), left);

        assertThat(json.path("android").path("ttl").stringValue()).isEqualTo(ttl);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "漢", "😀", "\"", "\\", "\u0001", "\u2028", "<", "\n"})
    void theLongestTextsFitWhateverTheyAreMadeOf(String character) throws IOException {
        var prompt = Prompts.longest(character);
        var address = PushAddress.of("token", "android");

        var text = text(new Push(address, prompt, LEFT));

        assertThat(text.getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(FcmMessages.LIMIT + "\"token\":\"token\",".length());
        assertThat(JSON.readTree(text).path("data").path("items").stringValue())
                .isEqualTo("[\"12\",\"34\",\"56\"]");
    }

    @Test
    void fillsTheLimitToTheByte() throws IOException {
        int empty = messages.size(Prompts.with("t", "", TransactionContext.EMPTY), LEFT);
        var body = "x".repeat((FcmMessages.LIMIT - empty) / 2);
        var fits = Prompts.with("t", body, TransactionContext.EMPTY);
        var over = Prompts.with("t", body + "x", TransactionContext.EMPTY);

        assertThat(json(fits).path("data").path("body").stringValue()).isEqualTo(body);
        assertThat(messages.size(over, LEFT)).isGreaterThan(FcmMessages.LIMIT);
        assertThat(json(over).path("data").path("body").stringValue())
                .isEqualTo(body.substring(0, body.length() - 3) + "…");
        assertThat(json(over).path("notification").path("body"))
                .isEqualTo(json(over).path("data").path("body"));
    }

    @Test
    void aLongAddressTakesNothingFromTheText() throws IOException {
        var prompt = Prompts.longest("a");
        var brief = json(PushAddress.of("t", "android"), prompt, LEFT);
        var endless = json(PushAddress.of("t".repeat(3000), "android"), prompt, LEFT);

        assertThat(endless.path("data")).isEqualTo(brief.path("data"));
    }
}
