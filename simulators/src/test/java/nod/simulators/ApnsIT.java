package nod.simulators;

import static org.assertj.core.api.Assertions.assertThat;

import nod.simulators.fault.Provider;
import nod.simulators.inbox.Received;
import nod.simulators.sdk.PushyClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

/** What pushy itself sees of the simulated APNs. */
class ApnsIT {

    private static final String TOKEN = "0123456789abcdef".repeat(4);
    private static final String PAYLOAD = "{\"aps\":{\"alert\":\"Sign in\"},\"tx_id\":\"1\"}";

    private Simulators simulators;
    private PushyClient pushy;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        simulators = Simulators.start(SimulatorsConfig.in(folder));
        pushy = PushyClient.of(simulators);
    }

    @AfterEach
    void stop() throws Exception {
        pushy.close();
        simulators.close();
    }

    @Test
    void acceptsANotificationAndKeepsItAsItCame() throws Exception {
        var response = pushy.send(TOKEN, PAYLOAD);

        assertThat(response.isAccepted()).isTrue();
        assertThat(response.getApnsId()).isNotNull();
        Received received = simulators.inbox(Provider.APNS).received(TOKEN).getFirst();
        assertThat(received.accepted()).isTrue();
        assertThat(received.request().protocol()).isEqualTo("HTTP/2.0");
        assertThat(received.request().headers())
                .containsEntry("apns-topic", "org.example.nod")
                .containsEntry("apns-collapse-id", "collapse-1")
                .containsEntry("apns-expiration", "1900000000")
                .containsEntry("apns-priority", "10")
                .containsEntry("apns-push-type", "alert")
                .containsEntry("authorization", "bearer [REDACTED]");
        assertThat(received.text()).isEqualTo(PAYLOAD);
    }
}
