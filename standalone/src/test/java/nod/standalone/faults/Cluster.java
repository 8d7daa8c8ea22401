package nod.standalone.faults;

import nod.collector.ResponseCollectorApplication;
import nod.dispatcher.DispatcherApplication;
import nod.gateway.GatewayApplication;
import nod.gateway.contract.CheckedHttpClient;
import nod.simulators.Simulators;
import nod.simulators.SimulatorsConfig;
import nod.simulators.inbox.InboxLimits;
import nod.standalone.host.Port;
import nod.standalone.host.PrivateFile;
import nod.standalone.kafka.BrokerMain;
import nod.standalone.postgres.EmbeddedPostgres;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The system as it is operated: processes of each service, a broker and PostgreSQL as processes of
 * their own, and a network between them that can fail. The providers are simulated in this process.
 */
public final class Cluster implements AutoCloseable {

    /** Acts for the deployment. */
    static final String API_KEY = "key-of-the-fault-run-0123456789abcdef";

    private static final String FCM = "nod.dispatcher.fcm.";
    private static final String APNS = "nod.dispatcher.apns.";
    private static final InboxLimits EVERYTHING = new InboxLimits(100_000, 100_000, 1_000_000);

    private final Path folder;
    private final int instances;

    /** By service; null in a run with faults, whose programs are the tests' own. */
    private final @Nullable Map<String, Map<String, String>> delivered;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final HttpClient management;
    private final List<Integer> managementPorts;

    final PostgresNode postgres;
    final JvmNode broker;
    public final Simulators simulators;
    final List<JvmNode> gateways;
    final List<JvmNode> dispatchers;
    final List<JvmNode> collectors;

    /** From the clients to the gateways. */
    final Link front;

    public final Link gatewayToDatabase;
    public final Link gatewayToKafka;
    public final Link dispatcherToDatabase;
    final Link dispatcherToKafka;
    public final Link collectorToDatabase;
    final Link collectorToKafka;
    final Link dispatcherToFcm;
    final Link dispatcherToApns;

    private final int kafkaPort = Port.anyFree();
    private final List<Integer> gatewayPorts;

    private Cluster(
            Path folder, int instances, @Nullable Map<String, Map<String, String>> delivered) {
        this.folder = folder;
        this.instances = instances;
        this.delivered = delivered;
        makeFolder("logs");
        int databasePort = Port.anyFree();
        gatewayPorts = Stream.generate(Port::anyFree).limit(instances).toList();
        managementPorts = Stream.generate(Port::anyFree).limit(3L * instances).toList();
        management =
                CheckedHttpClient.of(
                        URI.create("http://127.0.0.1:1/"),
                        managementPorts.stream().map(Cluster::uri).toArray(URI[]::new));
        front = link("clients → gateway", gatewayPorts.toArray(Integer[]::new));
        gatewayToDatabase = link("gateway → PostgreSQL", databasePort);
        dispatcherToDatabase = link("dispatcher → PostgreSQL", databasePort);
        collectorToDatabase = link("response-collector → PostgreSQL", databasePort);
        var listeners = List.of(Port.anyFree(), Port.anyFree(), Port.anyFree());
        gatewayToKafka = link("gateway → Kafka", listeners.get(0));
        dispatcherToKafka = link("dispatcher → Kafka", listeners.get(1));
        collectorToKafka = link("response-collector → Kafka", listeners.get(2));

        simulators = add(Simulators.start(simulatorsConfig()));
        dispatcherToFcm = link("dispatcher → FCM", simulators.fcmBaseUri().getPort());
        dispatcherToApns = link("dispatcher → APNs", simulators.apnsPort());
        postgres = add(new PostgresNode(layout(), databasePort));
        broker = add(broker(listeners));
        gateways = nodes("gateway", GatewayApplication.class, 0);
        dispatchers = nodes("dispatcher", DispatcherApplication.class, instances);
        collectors = nodes("response-collector", ResponseCollectorApplication.class, 2 * instances);
    }

    /**
     * Starts everything; returns when it is ready.
     *
     * @param instances of each service
     * @param skew how far the clocks of the last instances are off: in the one direction those of
     *     gateway and response-collector, in the other that of the dispatcher
     */
    static Cluster start(Path folder, int instances, Duration skew) {
        var cluster = new Cluster(folder, instances, null);
        cluster.gateways.getLast().skew(skew);
        cluster.dispatchers.getLast().skew(skew.negated());
        cluster.collectors.getLast().skew(skew);
        return cluster.started();
    }

    /**
     * Starts one of each service as it is delivered: by its own main class, with its own
     * configuration of logs, and without a class or a file of the tests.
     *
     * @param settings further ones, by the name of the service
     */
    public static Cluster startAsDelivered(Path folder, Map<String, Map<String, String>> settings) {
        return new Cluster(folder, 1, settings).started();
    }

    private Cluster started() {
        try {
            start();
            return this;
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private void start() {
        broker.start();
        postgres.start();
        broker.awaitReady();
        // It migrates the database; the others would have to try again.
        gateways.getFirst().start();
        gateways.getFirst().awaitReady();
        var others = services().stream().skip(1).toList();
        others.forEach(Node::start);
        others.forEach(Node::awaitReady);
    }

    /** The processes of the services, the gateways first. */
    public List<JvmNode> services() {
        return Stream.of(gateways, dispatchers, collectors).flatMap(List::stream).toList();
    }

    /** Where clients call. */
    public URI gatewayUri() {
        return uri(front.port());
    }

    /** For clients beside the network that fails. */
    public String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    /** Where each of {@link #services()} has its management pages. */
    public List<URI> managementUris() {
        return managementPorts.stream().map(Cluster::uri).toList();
    }

    /** How the commands of the gateway enter the database. */
    public Map<String, String> databaseSettings() {
        var server = postgres.server();
        return Map.of(
                "spring.r2dbc.url", server.r2dbcUrl(),
                "spring.flyway.user", server.user(),
                "spring.flyway.password", server.password());
    }

    public Connection database() throws SQLException {
        var server = postgres.server();
        return DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
    }

    /** New clients no longer reach that gateway. */
    void leaveOut(JvmNode gateway) {
        front.leaveOut(gatewayPorts.get(gateways.indexOf(gateway)));
    }

    /** New clients reach it again. */
    void takeIn(JvmNode gateway) {
        front.takeIn(gatewayPorts.get(gateways.indexOf(gateway)));
    }

    /** What all running services count together under that name of Prometheus. */
    double metric(String name) {
        return services().stream()
                .map(node -> managementPorts.get(services().indexOf(node)))
                .map(port -> get(port, "actuator/prometheus"))
                .flatMap(String::lines)
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private List<JvmNode> nodes(String name, Class<?> application, int first) {
        return IntStream.range(0, instances)
                .mapToObj(i -> node(name, application, i, first + i))
                .toList();
    }

    private JvmNode node(String name, Class<?> application, int number, int managementIndex) {
        int managementPort = managementPorts.get(managementIndex);
        var properties = new HashMap<>(common());
        properties.put("spring.r2dbc.username", "nod_" + name.replace('-', '_'));
        switch (name) {
            case "gateway" -> {
                properties.putAll(gatewayProperties());
                properties.put("server.port", gatewayPorts.get(number).toString());
                properties.put("management.server.port", "" + managementPort);
                properties.put("management.server.address", "127.0.0.1");
            }
            case "dispatcher" -> {
                properties.putAll(dispatcherProperties());
                properties.put("server.port", "" + managementPort);
            }
            default -> {
                properties.putAll(links(collectorToDatabase, collectorToKafka));
                properties.put("server.port", "" + managementPort);
            }
        }
        var arguments = new ArrayList<String>();
        if (delivered == null) {
            arguments.addAll(List.of(application.getName(), name));
        } else {
            properties.putAll(delivered.getOrDefault(name, Map.of()));
        }
        properties.forEach((key, value) -> arguments.add("--" + key + "=" + value));
        var node =
                new JvmNode(
                        name + "-" + (number + 1),
                        delivered == null ? ServiceMain.class : application,
                        arguments,
                        () -> isReady(managementPort),
                        log(name + "-" + (number + 1)));
        if (delivered != null) {
            node.leaveOutTheTests();
        }
        return add(node);
    }

    private Map<String, String> common() {
        return Map.of(
                "server.address", "127.0.0.1",
                "spring.flyway.enabled", "false");
    }

    private Map<String, String> links(Link database, Link kafka) {
        return Map.of(
                "spring.kafka.bootstrap-servers", "127.0.0.1:" + kafka.port(),
                "spring.r2dbc.url",
                        "r2dbc:postgresql://127.0.0.1:%d/nod".formatted(database.port()),
                "spring.r2dbc.password", password());
    }

    private Map<String, String> gatewayProperties() {
        var properties = new HashMap<>(links(gatewayToDatabase, gatewayToKafka));
        properties.put("spring.flyway.enabled", "true");
        properties.put(
                "spring.flyway.url",
                "jdbc:postgresql://127.0.0.1:%d/nod".formatted(gatewayToDatabase.port()));
        properties.put("spring.flyway.user", "nod");
        properties.put("spring.flyway.password", password());
        properties.put("nod.gateway.public-url", gatewayUri().toString());
        properties.put("nod.gateway.api-keys.faults", API_KEY);
        // The same people log in again and again, and many a login is denied or left unanswered.
        properties.put("nod.gateway.pause.first", "0s");
        return properties;
    }

    private Map<String, String> dispatcherProperties() {
        var config = simulators.config();
        var authority = simulators.certificateAuthorityFile().toString();
        var properties = new HashMap<>(links(dispatcherToDatabase, dispatcherToKafka));
        properties.put(FCM + "service-account", simulators.fcmServiceAccountFile().toString());
        properties.put(FCM + "endpoint", "https://localhost:" + dispatcherToFcm.port());
        properties.put(FCM + "trusted-certificates", authority);
        properties.put(APNS + "host", simulators.apnsHost());
        properties.put(APNS + "port", "" + dispatcherToApns.port());
        properties.put(APNS + "topic", config.apnsTopic());
        properties.put(APNS + "key-id", config.apnsKeyId());
        properties.put(APNS + "team-id", config.apnsTeamId());
        properties.put(APNS + "signing-key", simulators.apnsSigningKeyFile().toString());
        properties.put(APNS + "trusted-certificates", authority);
        return properties;
    }

    /** The password is made with the database's folder, before any service is started. */
    private String password() {
        return PrivateFile.secret(layout().password());
    }

    private JvmNode broker(List<Integer> listeners) {
        var links = List.of(gatewayToKafka, dispatcherToKafka, collectorToKafka);
        var names = List.of("GATEWAY", "DISPATCHER", "COLLECTOR");
        var arguments =
                new ArrayList<>(List.of(folder.resolve("kafka").toString(), "" + kafkaPort));
        for (int i = 0; i < names.size(); i++) {
            arguments.add(
                    "%s:%d:%d".formatted(names.get(i), listeners.get(i), links.get(i).port()));
        }
        return new JvmNode(
                "broker",
                BrokerMain.class,
                arguments,
                () -> BrokerMain.answersAt(bootstrapServers()),
                log("broker"));
    }

    private boolean isReady(int managementPort) {
        return get(managementPort, "actuator/health/readiness").contains("\"UP\"");
    }

    /** The body of that page; empty where nobody answers in time. */
    private String get(int port, String path) {
        var request =
                HttpRequest.newBuilder(uri(port).resolve(path))
                        .timeout(Duration.ofSeconds(2))
                        .build();
        return management
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(HttpResponse::body)
                .exceptionallyCompose(_ -> CompletableFuture.completedFuture(""))
                .join();
    }

    private SimulatorsConfig simulatorsConfig() {
        return SimulatorsConfig.in(makeFolder("simulators")).withInboxLimits(EVERYTHING);
    }

    private EmbeddedPostgres.Layout layout() {
        return new EmbeddedPostgres.Layout(
                folder.resolve("postgres"),
                folder.resolve("postgres-programs"),
                folder.resolve("postgres-password"),
                log("postgres"));
    }

    private Path log(String name) {
        return folder.resolve("logs").resolve(name + ".log");
    }

    private Path makeFolder(String name) {
        try {
            return Files.createDirectories(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Link link(String name, Integer... ports) {
        return add(new Link(name, ports));
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    private static URI uri(int port) {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("the cluster did not stop well", e);
            }
        }
    }
}
