package nod.standalone;

import nod.simulators.Simulators;
import nod.simulators.SimulatorsConfig;
import nod.standalone.host.DataFolder;
import nod.standalone.host.Port;
import nod.standalone.host.PrivateFile;
import nod.standalone.kafka.EmbeddedKafka;
import nod.standalone.postgres.EmbeddedPostgres;

import java.nio.file.Path;
import java.time.Clock;

/** What the services need and others would run for them. */
record Infrastructure(EmbeddedKafka kafka, EmbeddedPostgres postgres, Simulators simulators) {

    /**
     * Starts all of it at the same time.
     *
     * @param postgresPort the wanted one
     * @param parts gets what has to be closed, also when one of them doesn't start
     */
    static Infrastructure start(
            DataFolder folder, Ports ports, Port postgresPort, Parts parts, Progress progress)
            throws InterruptedException {
        try (var starts = new Starts()) {
            var kafka = starts.begin(() -> kafka(folder, ports, parts, progress));
            var postgres = starts.begin(() -> postgres(folder, postgresPort, parts, progress));
            var simulators = starts.begin(() -> simulators(folder, ports, parts, progress));
            return new Infrastructure(kafka.result(), postgres.result(), simulators.result());
        }
    }

    private static EmbeddedKafka kafka(
            DataFolder folder, Ports ports, Parts parts, Progress progress) {
        var kafka = parts.add(new EmbeddedKafka(folder.resolve("kafka"), ports.kafka()));
        kafka.start();
        progress.done("Kafka on " + kafka.bootstrapServers());
        return kafka;
    }

    private static EmbeddedPostgres postgres(
            DataFolder folder, Port port, Parts parts, Progress progress)
            throws InterruptedException {
        var postgres = parts.add(EmbeddedPostgres.start(layout(folder.path()), port));
        progress.done(
                "PostgreSQL on 127.0.0.1:%d%s"
                        .formatted(
                                postgres.port(),
                                postgres.isAdopted() ? ", left behind by a killed run" : ""));
        return postgres;
    }

    static EmbeddedPostgres.Layout layout(Path folder) {
        return new EmbeddedPostgres.Layout(
                folder.resolve("postgres"),
                folder.resolve("postgres-programs"),
                folder.resolve("postgres-password"),
                folder.resolve("logs").resolve("postgres.log"));
    }

    private static Simulators simulators(
            DataFolder folder, Ports ports, Parts parts, Progress progress) {
        var own = folder.resolve("simulators");
        PrivateFile.makeFolder(own);
        var simulators =
                parts.add(
                        Simulators.start(
                                SimulatorsConfig.in(own)
                                        .withPorts(
                                                ports.fcm(),
                                                ports.apns(),
                                                ports.simulatorsControl())
                                        .withClock(Clock.systemUTC())));
        progress.done("Simulated FCM and APNs, controlled at " + simulators.controlUri());
        return simulators;
    }
}
