package nod.simulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.firebase.ErrorCode;
import com.google.firebase.IncomingHttpResponse;
import com.google.firebase.messaging.AndroidConfig;
import com.google.firebase.messaging.FirebaseMessagingException;
import com.google.firebase.messaging.Message;
import com.google.firebase.messaging.MessagingErrorCode;
import com.google.firebase.messaging.Notification;

import nod.simulators.fault.Provider;
import nod.simulators.inbox.Received;
import nod.simulators.sdk.FirebaseClient;
import nod.simulators.sdk.Trust;

import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;

/** What firebase-admin itself sees of the simulated FCM, and what that keeps. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FcmIT {

    private Simulators simulators;
    private FirebaseClient firebase;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        simulators = Simulators.start(SimulatorsConfig.in(folder));
        firebase = FirebaseClient.of(simulators);
    }

    @AfterAll
    void stop() {
        firebase.close();
        simulators.close();
    }

    @Test
    void acceptsAMessageAndKeepsItAsItCame() throws Exception {
        String name =
                firebase.messaging()
                        .send(
                                Message.builder()
                                        .setFid("installation-one")
                                        .putData("tx_id", "1")
                                        .setNotification(title())
                                        .setAndroidConfig(urgent())
                                        .build());

        assertThat(name).matches("projects/nod-simulated/messages/0:\\d+%[0-9a-f]{16}");
        Received received = received("installation-one");
        assertThat(received.accepted()).isTrue();
        assertThat(received.request().method()).isEqualTo("POST");
        assertThat(received.request().path()).isEqualTo("/v1/projects/nod-simulated/messages:send");
        assertThat(received.text())
                .contains("\"fid\":\"installation-one\"", "\"data\":{\"tx_id\":\"1\"}")
                .contains("\"priority\":\"high\"", "\"ttl\":\"60s\"");
    }

    @Test
    @SuppressWarnings("deprecation") // older apps still have registration tokens
    void acceptsARegistrationToken() throws Exception {
        firebase.messaging().send(Message.builder().setToken("fOld:APA91b").build());

        assertThat(received("fOld:APA91b").accepted()).isTrue();
    }

    @Test
    void speaksHttp2() throws Exception {
        firebase.messaging().send(message("over-http-2"));

        assertThat(received("over-http-2").request().protocol()).isEqualTo("HTTP/2.0");
    }

    @Test
    void speaksHttp1ToThoseWhoAskForIt() throws Exception {
        try (FirebaseClient old = client(HttpVersionPolicy.FORCE_HTTP_1)) {
            old.messaging().send(message("over-http-1"));
        }

        assertThat(received("over-http-1").request().protocol()).isEqualTo("HTTP/1.1");
    }

    @Test
    void keepsNoCredential() throws Exception {
        firebase.messaging().send(message("no-credential"));

        assertThat(received("no-credential").request().headers())
                .containsEntry("authorization", "Bearer [REDACTED]");
    }

    @Test
    void checksAMessageWithoutSendingIt() throws Exception {
        String name = firebase.messaging().send(message("dry"), true);

        assertThat(name).isEqualTo("projects/nod-simulated/messages/fake_message_id");
    }

    @Test
    void refusesMoreThan4096BytesAndSaysWhichField() {
        Message tooMuch =
                Message.builder().setFid("oversize").putData("body", "x".repeat(4093)).build();

        FirebaseMessagingException refused = refusal(firebase, tooMuch);

        assertThat(refused.getMessagingErrorCode()).isEqualTo(MessagingErrorCode.INVALID_ARGUMENT);
        assertThat(response(refused).getContent())
                .contains("type.googleapis.com/google.rpc.BadRequest", "fieldViolations");
        assertThat(received("oversize").accepted()).isFalse();
    }

    @Test
    void acceptsExactly4096Bytes() throws Exception {
        firebase.messaging()
                .send(Message.builder().setFid("full").putData("body", "x".repeat(4092)).build());

        assertThat(received("full").accepted()).isTrue();
    }

    @Test
    void refusesADataKeyThatBelongsToGoogle() {
        Message message = Message.builder().setFid("reserved").putData("google.x", "1").build();

        assertThat(refusal(firebase, message).getMessagingErrorCode())
                .isEqualTo(MessagingErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void refusesAServiceAccountWithAnotherKey(@TempDir Path elsewhere) throws Exception {
        try (Simulators other = Simulators.start(SimulatorsConfig.in(elsewhere));
                FirebaseClient stranger = strangerWithKeyOf(other, elsewhere)) {
            FirebaseMessagingException refused = refusal(stranger, message("stranger"));

            assertThat(refused).hasStackTraceContaining("invalid_grant");
            assertThat(simulators.inbox(Provider.FCM).received("stranger")).isEmpty();
        }
    }

    @Test
    void refusesAnUnknownBearerAsGoogleDoes() throws Exception {
        HttpResponse<String> answer = post("Bearer ya29.unknown", "unknown-bearer");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body())
                .contains("\"status\" : \"UNAUTHENTICATED\"", "\"code\" : 401")
                .contains("type.googleapis.com/google.rpc.ErrorInfo");
        assertThat(answer.headers().firstValue("www-authenticate").orElseThrow())
                .contains("invalid_token");
        assertThat(received("unknown-bearer").accepted()).isFalse();
    }

    @Test
    void letsTheSdkFetchANewTokenWhenItsOldOneIsUnknown() throws Exception {
        firebase.messaging().send(message("refresh"));
        simulators.revokeFcmAccessTokens();

        firebase.messaging().send(message("refresh"));

        assertThat(simulators.inbox(Provider.FCM).received("refresh"))
                .extracting(Received::accepted)
                .containsExactly(true, false, true);
    }

    @Test
    void refusesAnotherProject(@TempDir Path elsewhere) throws Exception {
        Path file = elsewhere.resolve("other-project.json");
        String known = Files.readString(simulators.fcmServiceAccountFile());
        Files.writeString(
                file,
                known.replace("\"project_id\" : \"nod-simulated\"", "\"project_id\" : \"else\""));
        try (FirebaseClient other =
                FirebaseClient.of(simulators, file, HttpVersionPolicy.NEGOTIATE)) {
            FirebaseMessagingException refused = refusal(other, message("project"));

            assertThat(refused.getErrorCode()).isEqualTo(ErrorCode.PERMISSION_DENIED);
        }
    }

    @Test
    void keepsItsCredentialsToItself() throws Exception {
        assertThat(Files.getPosixFilePermissions(simulators.fcmServiceAccountFile()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    private FirebaseClient strangerWithKeyOf(Simulators other, Path folder) throws IOException {
        Path file = folder.resolve("stranger.json");
        String foreign = Files.readString(other.fcmServiceAccountFile());
        Files.writeString(
                file,
                foreign.replace(other.fcmBaseUri().toString(), simulators.fcmBaseUri().toString()));
        return FirebaseClient.of(simulators, file, HttpVersionPolicy.NEGOTIATE);
    }

    private FirebaseClient client(HttpVersionPolicy versions) throws IOException {
        return FirebaseClient.of(simulators, simulators.fcmServiceAccountFile(), versions);
    }

    private HttpResponse<String> post(String authorization, String token) throws Exception {
        URI uri = URI.create(simulators.fcmBaseUri() + "/v1/projects/nod-simulated/messages:send");
        HttpRequest request =
                HttpRequest.newBuilder(uri)
                        .timeout(Duration.ofSeconds(5))
                        .header("Authorization", authorization)
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "{\"message\":{\"token\":\"" + token + "\"}}"))
                        .build();
        try (HttpClient client =
                HttpClient.newBuilder()
                        .sslContext(Trust.only(simulators.certificateAuthorityFile()))
                        .build()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private Received received(String key) {
        return simulators.inbox(Provider.FCM).received(key).getLast();
    }

    private static FirebaseMessagingException refusal(FirebaseClient client, Message message) {
        return catchThrowableOfType(
                FirebaseMessagingException.class, () -> client.messaging().send(message));
    }

    private static IncomingHttpResponse response(FirebaseMessagingException refused) {
        return Objects.requireNonNull(refused.getHttpResponse(), "it was answered");
    }

    private static Message message(String fid) {
        return Message.builder().setFid(fid).putData("tx_id", "1").build();
    }

    private static Notification title() {
        return Notification.builder().setTitle("Sign in").build();
    }

    private static AndroidConfig urgent() {
        return AndroidConfig.builder()
                .setPriority(AndroidConfig.Priority.HIGH)
                .setTtl(60_000)
                .build();
    }
}
