package nod.simulators;

import static org.assertj.core.api.Assertions.assertThat;

import com.eatthepath.pushy.apns.PushNotificationResponse;

import nod.simulators.fault.Provider;
import nod.simulators.inbox.Received;
import nod.simulators.sdk.PushyClient;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/** What pushy itself sees of the simulated APNs, and what that keeps. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApnsIT {

    private static final String PAYLOAD = "{\"aps\":{\"alert\":\"Sign in\"},\"tx_id\":\"1\"}";

    private Simulators simulators;
    private PushyClient pushy;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        simulators = Simulators.start(SimulatorsConfig.in(folder));
        pushy = PushyClient.of(simulators);
    }

    @AfterAll
    void stop() {
        pushy.close();
        simulators.close();
    }

    @Test
    void acceptsANotificationAndKeepsItAsItCame() throws Exception {
        String token = deviceToken();

        var response = pushy.send(token, PAYLOAD);

        assertThat(response.isAccepted()).isTrue();
        assertThat(response.getApnsId()).isNotNull();
        Received received = received(token);
        assertThat(received.accepted()).isTrue();
        assertThat(received.request().protocol()).isEqualTo("HTTP/2.0");
        assertThat(received.request().path()).isEqualTo("/3/device/" + token);
        assertThat(received.request().headers())
                .containsEntry("apns-topic", "org.example.nod")
                .containsEntry("apns-collapse-id", "collapse-1")
                .containsEntry("apns-expiration", "1900000000")
                .containsEntry("apns-priority", "10")
                .containsEntry("apns-push-type", "alert");
        assertThat(received.text()).isEqualTo(PAYLOAD);
    }

    @Test
    void keepsNoCredential() throws Exception {
        String token = deviceToken();

        pushy.send(token, PAYLOAD);

        assertThat(received(token).request().headers())
                .containsEntry("authorization", "bearer [REDACTED]");
    }

    @Test
    void acceptsADeviceTokenOf200Digits() throws Exception {
        assertThat(pushy.send("0f".repeat(100), PAYLOAD).isAccepted()).isTrue();
    }

    @Test
    void refusesADeviceTokenThatIsNone() throws Exception {
        assertThat(reason(pushy.send("0f".repeat(20), PAYLOAD))).isEqualTo("BadDeviceToken");
    }

    @Test
    void refusesATopicOfSomebodyElse() throws Exception {
        assertThat(reason(pushy.sendToTopic("com.else", deviceToken(), PAYLOAD)))
                .isEqualTo("TopicDisallowed");
    }

    @Test
    void refusesATopicThatIsNone() throws Exception {
        assertThat(reason(pushy.sendToTopic("no topic", deviceToken(), PAYLOAD)))
                .isEqualTo("BadTopic");
    }

    @Test
    void acceptsExactly4096Bytes() throws Exception {
        assertThat(pushy.send(deviceToken(), payloadOf(4096)).isAccepted()).isTrue();
    }

    @Test
    void refusesMoreThan4096Bytes() throws Exception {
        var response = pushy.send(deviceToken(), payloadOf(4097));

        assertThat(reason(response)).isEqualTo("PayloadTooLarge");
        assertThat(response.getStatusCode()).isEqualTo(413);
    }

    @Test
    void refusesATokenSignedWithAnotherKey(@TempDir Path elsewhere) throws Exception {
        try (Simulators other = Simulators.start(SimulatorsConfig.in(elsewhere));
                PushyClient stranger =
                        PushyClient.of(
                                simulators,
                                other.apnsSigningKeyFile(),
                                simulators.config().apnsTeamId(),
                                simulators.config().apnsKeyId())) {
            var response = stranger.send(deviceToken(), PAYLOAD);

            assertThat(reason(response)).isEqualTo("InvalidProviderToken");
            assertThat(response.getStatusCode()).isEqualTo(403);
        }
    }

    @Test
    void refusesATokenOfAnotherTeam() throws Exception {
        try (PushyClient stranger =
                PushyClient.of(
                        simulators,
                        simulators.apnsSigningKeyFile(),
                        "OTHERTEAM0",
                        simulators.config().apnsKeyId())) {
            assertThat(reason(stranger.send(deviceToken(), PAYLOAD)))
                    .isEqualTo("InvalidProviderToken");
        }
    }

    @Test
    void refusesATokenOlderThanAnHour(@TempDir Path elsewhere) throws Exception {
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(61));
        try (Simulators tomorrow =
                        Simulators.start(SimulatorsConfig.in(elsewhere).withClock(later));
                PushyClient stale = PushyClient.of(tomorrow)) {
            assertThat(reason(stale.send(deviceToken(), PAYLOAD)))
                    .isEqualTo("ExpiredProviderToken");
        }
    }

    @Test
    void keepsItsSigningKeyToItself() throws Exception {
        assertThat(Files.getPosixFilePermissions(simulators.apnsSigningKeyFile()))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    private Received received(String token) {
        return simulators.inbox(Provider.APNS).received(token).getLast();
    }

    private static String reason(PushNotificationResponse<?> response) {
        return response.getRejectionReason().orElse("accepted");
    }

    private static String payloadOf(int bytes) {
        String empty = "{\"aps\":{},\"x\":\"\"}";
        return "{\"aps\":{},\"x\":\"" + "x".repeat(bytes - empty.length()) + "\"}";
    }

    private static String deviceToken() {
        return UUID.randomUUID().toString().replace("-", "").repeat(2);
    }
}
