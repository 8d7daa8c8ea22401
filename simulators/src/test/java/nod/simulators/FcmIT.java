package nod.simulators;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.firebase.messaging.Message;
import com.google.firebase.messaging.Notification;

import nod.simulators.fault.Provider;
import nod.simulators.inbox.Received;
import nod.simulators.sdk.FirebaseClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;

/** What firebase-admin itself sees of the simulated FCM. */
class FcmIT {

    private static final String TOKEN = "fPhone:APA91b-one";

    private Simulators simulators;
    private FirebaseClient firebase;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        simulators = Simulators.start(SimulatorsConfig.in(folder));
        firebase = FirebaseClient.of(simulators);
    }

    @AfterEach
    void stop() throws IOException {
        firebase.close();
        simulators.close();
    }

    @Test
    void acceptsAMessageAndKeepsItAsItCame() throws Exception {
        String name = firebase.messaging().send(message(TOKEN));

        assertThat(name).matches("projects/nod-simulated/messages/0:\\d+%[0-9a-f]{16}");
        Received received = simulators.inbox(Provider.FCM).received(TOKEN).getFirst();
        assertThat(received.accepted()).isTrue();
        assertThat(received.request().protocol()).isEqualTo("HTTP/2.0");
        assertThat(received.request().path()).isEqualTo("/v1/projects/nod-simulated/messages:send");
        assertThat(received.request().headers())
                .containsEntry("authorization", "Bearer [REDACTED]");
        assertThat(received.text())
                .contains("\"fid\":\"" + TOKEN + "\"", "\"tx_id\":\"1\"", "\"title\":\"Sign in\"");
    }

    private static Message message(String token) {
        return Message.builder()
                .setFid(token)
                .putData("tx_id", "1")
                .setNotification(Notification.builder().setTitle("Sign in").build())
                .build();
    }
}
