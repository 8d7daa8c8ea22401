package nod.standalone;

import static org.awaitility.Awaitility.await;

import nod.gateway.contract.CheckedHttpClient;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.e2e.Authentik;
import nod.standalone.host.DataFolder;
import nod.standalone.host.Port;
import nod.standalone.postgres.EmbeddedPostgres;
import nod.standalone.settings.StandaloneSettings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A system of a test's own, of whose servers cold copies are taken and put back. The services run
 * on meanwhile: to them it is an outage.
 */
public final class RestorableSystem implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path copies;
    private final Standalone nod;
    private final HttpClient http;
    private final Authentik authentik;
    private int taken;

    /**
     * Starts it.
     *
     * @param properties for the services
     */
    public RestorableSystem(Path folder, Map<String, String> properties)
            throws InterruptedException {
        copies = folder.resolve("copies");
        var data = folder.resolve("data");
        nod =
                Standalone.start(
                        DataFolder.own(data, StandaloneSettings.DATA),
                        StandaloneSettings.onFreePorts(data),
                        properties,
                        Progress.SILENT);
        http =
                CheckedHttpClient.of(
                        nod.gatewayUri(),
                        nod.simulators().controlUri(),
                        nod.gatewayManagementUri(),
                        nod.dispatcherManagementUri(),
                        nod.responseCollectorManagementUri());
        authentik = new Authentik(nod.gatewayUri(), nod.apiKey().value());
    }

    public Standalone standalone() {
        return nod;
    }

    public Authentik authentik() {
        return authentik;
    }

    /** A phone of the user, enrolled and with its push key registered. */
    public VirtualPhone phone(String user) {
        return phone(user, PhoneModel.android(user));
    }

    /** The same, of that model. */
    public VirtualPhone phone(String user, PhoneModel model) {
        var phone =
                VirtualPhone.enrol(
                        authentik.beginEnrolment(user), model, nod.simulators().controlUri(), http);
        phone.setNotificationKey();
        return phone;
    }

    /** Stops PostgreSQL, copies its folder and starts it again. */
    public Path copyPostgres() throws InterruptedException {
        nod.postgres().close();
        var copy = copy(postgresFolder());
        startPostgres();
        return copy;
    }

    /** Stops PostgreSQL, puts the copy in the place of its folder and starts it again. */
    public void setPostgresBack(Path copy) throws InterruptedException {
        nod.postgres().close();
        replace(postgresFolder(), copy);
        startPostgres();
    }

    /** The same of Kafka, which is stopped already and stays so. */
    public Path copyStoppedKafka() {
        return copy(kafkaFolder());
    }

    /** Puts the copy in the place of Kafka's folder and starts it. */
    public void setKafkaBack(Path copy) {
        nod.kafka().stop();
        replace(kafkaFolder(), copy);
        nod.kafka().start();
    }

    /** Takes Kafka's folder away and starts it with nothing. */
    public void loseKafka() {
        nod.kafka().stop();
        delete(kafkaFolder());
        nod.kafka().start();
    }

    /** Waits until logins are started again. */
    public void awaitStarts() {
        await().atMost(PATIENCE).until(() -> startOfANewUser() == 201);
    }

    private int startOfANewUser() {
        var user = "probe-" + System.nanoTime();
        var begun = authentik.call("POST", "", Map.of("user", user));
        if (begun.status() != 201) {
            return begun.status();
        }
        VirtualPhone.enrol(
                begun.body().path("payload").toString(),
                PhoneModel.android(user),
                nod.simulators().controlUri(),
                http);
        return authentik.tryStart(user, "accept_deny", Map.of()).status();
    }

    /** Changes or counts rows, as an operator would. */
    public int execute(String sql) throws SQLException {
        var postgres = nod.postgres();
        try (var connection =
                        DriverManager.getConnection(
                                postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    /** What the counters of a service have counted whose line contains all of these texts. */
    public double counted(URI management, String... texts) {
        return text(management.resolve("actuator/prometheus"))
                .lines()
                .filter(line -> Stream.of(texts).allMatch(line::contains))
                .filter(line -> !line.startsWith("#"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** What is served there. */
    public String text(URI uri) {
        try {
            var request = HttpRequest.newBuilder(uri).build();
            return http.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    private void startPostgres() throws InterruptedException {
        // The system stops whatever runs on its folder in the end.
        EmbeddedPostgres.start(
                Infrastructure.layout(nod.dataFolder()),
                new Port(nod.postgres().port(), "PostgreSQL", "none"));
    }

    private Path postgresFolder() {
        return Infrastructure.layout(nod.dataFolder()).data();
    }

    private Path kafkaFolder() {
        return nod.dataFolder().resolve("kafka");
    }

    private Path copy(Path folder) {
        var copy = copies.resolve("copy-" + ++taken);
        copyTree(folder, copy);
        return copy;
    }

    private static void replace(Path folder, Path copy) {
        delete(folder);
        copyTree(copy, folder);
    }

    private static void copyTree(Path from, Path to) {
        try (var files = Files.walk(from)) {
            Files.createDirectories(to.getParent());
            for (var file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        nod.close();
    }
}
