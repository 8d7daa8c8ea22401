package nod.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import nod.standalone.host.ChildJvm;
import nod.standalone.host.DataFolder;
import nod.standalone.postgres.EmbeddedPostgres;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

@Order(1)
class StandaloneMainIT {
    private static final List<String> PORTS =
            List.of(
                    "gateway.port",
                    "gateway.management-port",
                    "dispatcher.management-port",
                    "response-collector.management-port",
                    "kafka.port",
                    "postgres.port",
                    "simulators.control-port",
                    "simulators.fcm-port",
                    "simulators.apns-port");

    private final Path data;

    StandaloneMainIT(@TempDir Path folder) {
        this.data = folder.resolve("data");
    }

    @AfterEach
    void stopTheDatabaseThatAFailedTestLeftBehind() throws Exception {
        EmbeddedPostgres.stopLeftBehind(Infrastructure.layout(data));
    }

    @Test
    void showsWhatToTryAndStopsWhenAskedTo() throws Exception {
        try (var main = start(Map.of())) {
            main.awaitLine("Nod is ready after");
            main.awaitLine("Gateway  http://127.0.0.1:");
            main.awaitLine("Kafka    127.0.0.1:");
            main.awaitLine("API key  " + data.resolve("api-key"));
            main.awaitLine("export NOD_API_KEY=$(cat " + data.resolve("api-key") + ")");
            main.awaitLine("Ctrl-C stops everything");
            main.terminate();
            main.awaitLine("Nod has stopped.");

            // As a shell counts a process that SIGTERM ended.
            assertThat(main.awaitExit()).isEqualTo(143);
        }
        assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void leavesNothingBehindWhenItIsStoppedWhileItStarts() throws Exception {
        try (var main = start(Map.of())) {
            main.awaitLine("PostgreSQL on");
            main.terminate();
            main.awaitLine("Nod has stopped.");

            assertThat(main.awaitExit()).isEqualTo(143);
            assertThat(main.lines()).noneMatch(line -> line.contains("Nod is ready"));
        }
        assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    }

    @Test
    void startsAgainOnWhatAKilledRunLeftBehind() throws Exception {
        try (var main = start(Map.of())) {
            main.awaitLine("Ctrl-C stops everything");
            main.kill();
        }
        var key = Files.readString(data.resolve("api-key"));

        try (var main = start(Map.of())) {
            main.awaitLine("left behind by a killed run");
            main.awaitLine("Ctrl-C stops everything");
            main.terminate();
            assertThat(main.awaitExit()).isEqualTo(143);
        }
        assertThat(Files.readString(data.resolve("api-key"))).isEqualTo(key);
    }

    @Test
    void refusesAFolderThatALivingProcessOwnsWithOneSentence() throws Exception {
        try (var owned = DataFolder.own(data, "nod.standalone.data");
                var main = start(Map.of())) {
            assertRefused(
                    main,
                    "The data folder %s belongs to another running Nod (process %d): stop that one, or set nod.standalone.data to another folder."
                            .formatted(owned.path(), ProcessHandle.current().pid()));
        }
    }

    @Test
    void refusesATakenPortWithOneSentence() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var main = start(Map.of(), Map.of("kafka.port", other.getLocalPort()))) {
            assertRefused(main, "Port %d for Kafka is taken".formatted(other.getLocalPort()));
        }
    }

    @Test
    void refusesAWrongSettingFromTheEnvironmentWithOneSentence() throws Exception {
        try (var main =
                ChildJvm.start(
                        Map.of("NOD_STANDALONE_POSTGRES_PORT", "many"),
                        StandaloneMain.class,
                        "--nod.standalone.data=" + data)) {
            assertRefused(
                    main,
                    "nod.standalone.postgres.port is 'many', expected is a port from 1 to 65535, or"
                            + " 0 for any free one.");
        }
    }

    @Test
    void takesTheKeyOfTheEnvironmentAndKeepsNone() throws Exception {
        try (var main = start(Map.of("NOD_API_KEY", "0123456789abcdef0123456789abcdef"))) {
            main.awaitLine("API key  the one in your NOD_API_KEY");
            main.awaitLine("Ctrl-C stops everything");

            assertThat(data.resolve("api-key")).doesNotExist();
            assertThat(main.lines()).noneMatch(line -> line.contains("0123456789abcdef"));
            main.terminate();
            main.awaitExit();
        }
    }

    private static void assertRefused(ChildJvm main, String sentence)
            throws IOException, InterruptedException {
        assertThat(main.awaitExit()).isEqualTo(1);
        assertThat(main.lines())
                .filteredOn(line -> !line.isBlank())
                .singleElement()
                .asString()
                .startsWith("Nod can't start. " + sentence);
    }

    private ChildJvm start(Map<String, String> environment) throws IOException {
        return start(environment, Map.of());
    }

    private ChildJvm start(Map<String, String> environment, Map<String, Integer> ports)
            throws IOException {
        var arguments = new ArrayList<String>();
        arguments.add("--nod.standalone.data=" + data);
        for (var port : PORTS) {
            arguments.add("--nod.standalone.%s=%d".formatted(port, ports.getOrDefault(port, 0)));
        }
        return ChildJvm.start(environment, StandaloneMain.class, arguments.toArray());
    }
}
