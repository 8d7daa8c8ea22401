package nod.collector.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import nod.collector.delivery.Attempt;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

class SigningKeyTest {

    /** The id, time, body, secret and signature of the reference libraries' tests. */
    private static final String CONTENT =
            "msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{\"test\": 2432232314}";

    private static final String SHARED = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    @Test
    void signsAsTheReferenceLibrariesDo() {
        assertThat(sign(SHARED)).isEqualTo(SIGNED);
    }

    @Test
    void signsByEd25519ForThePublicKeyThatBelongsToTheSecret() {
        var signature = sign(Ed25519Keys.secret(Ed25519Keys.PRIVATE));

        assertThat(signature).startsWith("v1a,");
        assertThat(Ed25519Keys.verifies(CONTENT, signature)).isTrue();
        assertThat(Ed25519Keys.verifies(CONTENT + " ", signature)).isFalse();
    }

    @Test
    void takesAPrivateKeyWithItsPublicOneAndNoOther() {
        var both = Ed25519Keys.secret(Ed25519Keys.PRIVATE + Ed25519Keys.PUBLIC);
        var wrong = Ed25519Keys.secret(Ed25519Keys.PRIVATE + Ed25519Keys.PRIVATE);

        assertThat(sign(both)).isEqualTo(sign(Ed25519Keys.secret(Ed25519Keys.PRIVATE)));
        assertThat(new SigningKey(wrong).isUsable()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "whsec_",
                "whsec_###",
                "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
                "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
            })
    void isOfNoUseInAnotherForm(String value) {
        assertThat(new SigningKey(value).isUsable()).isFalse();
    }

    @Test
    void wantsASharedSecretOf24To64Bytes() {
        assertThat(shared(23).isUsable()).isFalse();
        assertThat(shared(24).isUsable()).isTrue();
        assertThat(shared(64).isUsable()).isTrue();
        assertThat(shared(65).isUsable()).isFalse();
    }

    @Test
    void neverPrintsItself() {
        assertThat(new SigningKey(SHARED)).hasToString("[REDACTED]");
    }

    @Test
    void signsAMessageWithEveryKeyOverIdTimeAndBody() {
        var event = UUID.randomUUID();
        var attempt = new Attempt(event, event, event, "{}", 1, 1614265330, false);
        var keys =
                List.of(
                        new SigningKey(SHARED),
                        new SigningKey(Ed25519Keys.secret(Ed25519Keys.PRIVATE)));

        var signatures = List.of(WebhookClient.signatures(attempt, keys).split(" "));

        var content = event + ".1614265330.{}";
        assertThat(signatures.getFirst()).isEqualTo(sign(SHARED, content));
        assertThat(Ed25519Keys.verifies(content, signatures.getLast())).isTrue();
    }

    private static SigningKey shared(int bytes) {
        return new SigningKey("whsec_" + Base64.getEncoder().encodeToString(new byte[bytes]));
    }

    private static String sign(String key) {
        return sign(key, CONTENT);
    }

    private static String sign(String key, String content) {
        return new SigningKey(key).sign(content.getBytes(StandardCharsets.UTF_8));
    }
}
