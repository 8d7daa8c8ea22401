package nod.simulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

import com.google.firebase.messaging.Message;

import nod.simulators.sdk.FirebaseClient;
import nod.simulators.sdk.PushyClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

/** The simulators as a whole: over restarts, and where they can't start. */
class SimulatorsIT {

    private final Path folder;

    SimulatorsIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void keepTheirCredentialsOverARestart() throws Exception {
        String authority;
        String signingKey;
        String serviceAccountKey;
        try (Simulators first = Simulators.start(SimulatorsConfig.in(folder))) {
            authority = Files.readString(first.certificateAuthorityFile());
            signingKey = Files.readString(first.apnsSigningKeyFile());
            serviceAccountKey = privateKey(first);
        }

        try (Simulators second = Simulators.start(SimulatorsConfig.in(folder))) {
            assertThat(Files.readString(second.certificateAuthorityFile())).isEqualTo(authority);
            assertThat(Files.readString(second.apnsSigningKeyFile())).isEqualTo(signingKey);
            assertThat(privateKey(second)).isEqualTo(serviceAccountKey);
        }
    }

    @Test
    void serveBothSdksAgainAfterARestartOnTheSamePorts() throws Exception {
        Simulators first = Simulators.start(SimulatorsConfig.in(folder));
        SimulatorsConfig samePorts =
                first.config()
                        .withPorts(
                                first.fcmBaseUri().getPort(),
                                first.apnsPort(),
                                first.controlUri().getPort());
        try (FirebaseClient firebase = FirebaseClient.of(first);
                PushyClient pushy = PushyClient.of(first)) {
            firebase.messaging().send(Message.builder().setFid("phone").build());
            pushy.send("0f".repeat(32), "{}");
            first.close();

            try (Simulators second = Simulators.start(samePorts)) {
                assertThat(second.controlUri()).isEqualTo(first.controlUri());
                // Both may first have to notice that their connection is gone; FCM's access
                // token of before is unknown now, and the SDK fetches another.
                await().ignoreExceptions()
                        .until(
                                () ->
                                        firebase.messaging()
                                                .send(Message.builder().setFid("phone").build())
                                                .startsWith("projects/"));
                await().ignoreExceptions()
                        .until(() -> pushy.send("0f".repeat(32), "{}").isAccepted());
            }
        }
    }

    @Test
    void sayWhichPortIsTakenAndLeaveNothingRunning() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            SimulatorsConfig config =
                    SimulatorsConfig.in(folder).withPorts(0, taken.getLocalPort(), 0);

            assertThatIllegalStateException()
                    .isThrownBy(() -> Simulators.start(config))
                    .withMessageContaining(
                            "apns-simulator cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void carryAnotherNameWhereTheyAreReachedByAnother() throws Exception {
        SimulatorsConfig config =
                SimulatorsConfig.in(folder).withHosts("0.0.0.0", "simulators.internal");

        try (Simulators simulators = Simulators.start(config)) {
            assertThat(simulators.fcmBaseUri()).hasHost("simulators.internal");
            assertThat(simulators.controlUri()).hasHost("simulators.internal");
            assertThat(Files.readString(simulators.fcmServiceAccountFile()))
                    .contains("\"token_uri\" : \"" + simulators.fcmBaseUri() + "/token\"");
        }
    }

    private static String privateKey(Simulators simulators) throws IOException {
        return Files.readString(simulators.fcmServiceAccountFile())
                .lines()
                .filter(line -> line.contains("\"private_key\""))
                .findFirst()
                .orElseThrow();
    }
}
