package nod.benchmarks.rig;

import static java.util.Objects.requireNonNull;

import nod.simulators.Simulators;
import nod.simulators.SimulatorsConfig;
import nod.standalone.host.Port;
import nod.standalone.kafka.BrokerMain;
import nod.standalone.postgres.EmbeddedPostgres;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
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
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * The whole system on this machine: PostgreSQL, a broker and the services as processes of their
 * own, the services from their packaged jars; the simulated providers are in this process, beside
 * the load.
 */
public final class Rig implements AutoCloseable {

    /** Acts for the deployment. */
    public static final String API_KEY = "key-of-the-benchmarks-0123456789abcdef";

    /** This process: callers, phones and providers. */
    public static final String LOAD = "load generator, phones, FCM and APNs";

    public static final String POSTGRES = "PostgreSQL";
    public static final String BROKER = "Kafka";

    /** The WebFlux endpoint that does nothing. */
    public static final String ENDPOINT = "empty endpoint";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int PARTITIONS = 6;
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Plan plan;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final HttpClient management =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final List<Integer> gatewayPorts;
    private final Map<String, Duration> startTimes = new LinkedHashMap<>();
    private final int kafkaPort = Port.anyFree();
    private final Simulators simulators;
    private final EmbeddedPostgres postgres;
    private final JvmProcess broker;
    private final List<JvmProcess> services = new ArrayList<>();
    private final Map<String, Integer> managementPorts = new LinkedHashMap<>();
    private final Map<String, List<String>> commands = new LinkedHashMap<>();
    private @Nullable JvmProcess endpoint;

    /**
     * How it is run.
     *
     * @param root of the checkout, below which the jars are
     * @param folder gets data and logs
     * @param instances of each service
     * @param jvm options of each service's JVM
     * @param aot whether the services are started from jars taken apart, with an AOT cache
     * @param fcmClient who speaks to FCM for the dispatcher
     */
    public record Plan(
            Path root,
            Path folder,
            int instances,
            List<String> jvm,
            boolean aot,
            String fcmClient) {}

    private Rig(Plan plan) throws InterruptedException {
        this.plan = plan;
        makeFolder("logs");
        gatewayPorts = Stream.generate(Port::anyFree).limit(plan.instances()).toList();
        simulators = add(Simulators.start(SimulatorsConfig.in(makeFolder("simulators"))));
        postgres =
                add(
                        EmbeddedPostgres.start(
                                layout(), new Port(0, "the benchmarks' PostgreSQL", "")));
        broker = add(broker());
    }

    /** Starts everything; returns when it is ready. */
    public static Rig start(Plan plan) throws InterruptedException {
        var rig = new Rig(plan);
        // PostgreSQL would outlive whoever ends this program by Ctrl-C.
        Runtime.getRuntime().addShutdownHook(new Thread(rig::close));
        try {
            rig.startAll();
            return rig;
        } catch (RuntimeException | Error e) {
            rig.close();
            throw e;
        }
    }

    private void startAll() {
        broker.start();
        broker.awaitReady();
        var settings =
                new ServiceSettings(
                        postgres, bootstrapServers(), simulators, API_KEY, plan.fcmClient());
        for (int i = 0; i < plan.instances(); i++) {
            int management = Port.anyFree();
            start(
                    "gateway",
                    i,
                    management,
                    settings.gateway(gatewayPorts.get(i), management, gatewayPorts.getFirst()));
        }
        for (int i = 0; i < plan.instances(); i++) {
            int management = Port.anyFree();
            start("dispatcher", i, management, settings.dispatcher(management));
            management = Port.anyFree();
            start("response-collector", i, management, settings.responseCollector(management));
        }
    }

    /** One after the other, so that the time of each start is its own. */
    private void start(String service, int number, int management, Map<String, String> settings) {
        managementPorts.put(service, management);
        var name = plan.instances() == 1 ? service : service + "-" + (number + 1);
        var process =
                add(
                        new JvmProcess(
                                name,
                                commands.computeIfAbsent(service, this::command),
                                // Not as arguments, which everybody on the machine can read.
                                Map.of(
                                        "SPRING_APPLICATION_JSON",
                                        JSON.writeValueAsString(settings)),
                                () -> isReady(management),
                                log(name)));
        services.add(process);
        process.start();
        startTimes.put(name, process.awaitReady());
    }

    private List<String> command(String service) {
        var command = new ArrayList<>(plan.jvm());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        if (plan.aot()) {
            return AotCache.commandFor(
                    JvmProcess.jdk("java"),
                    jar(service),
                    plan.folder().resolve("aot").resolve(service),
                    command,
                    log(service + "-aot"));
        }
        command.addAll(List.of("-jar", jar(service).toString()));
        return command;
    }

    private Path jar(String service) {
        var folder = plan.root().resolve(service).resolve("target");
        try (var files = Files.newDirectoryStream(folder, service + "-*-exec.jar")) {
            return files.iterator().next();
        } catch (IOException e) {
            throw new UncheckedIOException("package the services first", e);
        }
    }

    private JvmProcess broker() {
        return new JvmProcess(
                BROKER,
                List.of(
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BrokerMain.class.getName(),
                        plan.folder().resolve("kafka").toString(),
                        "" + kafkaPort),
                Map.of(),
                this::isBrokerReady,
                log("kafka"));
    }

    private boolean isBrokerReady() {
        try (var admin =
                Admin.create(
                        Map.of(
                                "bootstrap.servers", bootstrapServers(),
                                "request.timeout.ms", "900",
                                "default.api.timeout.ms", "1000"))) {
            admin.describeCluster().nodes().get(1, TimeUnit.SECONDS);
            return true;
        } catch (ExecutionException | TimeoutException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isReady(int port) {
        return page(port, "actuator/health/readiness").contains("\"UP\"");
    }

    /** The process of the only instance of a service. */
    public JvmProcess process(String service) {
        return services.stream()
                .filter(process -> process.name().equals(service))
                .findFirst()
                .orElseThrow();
    }

    /**
     * What the last instance of a service says of a metric without tags, 0 where it says nothing.
     */
    public double metric(String service, String name) {
        int port = requireNonNull(managementPorts.get(service));
        return page(port, "actuator/prometheus")
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** Its body; empty where nobody answers in time. */
    private String page(int port, String path) {
        var request = HttpRequest.newBuilder(uri(port).resolve(path)).timeout(LOOK).build();
        return management
                .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .thenApply(HttpResponse::body)
                .exceptionallyCompose(_ -> CompletableFuture.completedFuture(""))
                .join();
    }

    /** Starts a WebFlux endpoint that does nothing, in a JVM like those of the services. */
    public URI startEndpoint(Class<?> main) {
        int port = Port.anyFree();
        var command = new ArrayList<>(plan.jvm());
        command.addAll(classPath(main));
        command.add("" + port);
        endpoint =
                add(
                        new JvmProcess(
                                ENDPOINT, command, Map.of(), () -> answers(port), log("endpoint")));
        endpoint.start();
        endpoint.awaitReady();
        return uri(port);
    }

    private boolean answers(int port) {
        try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static List<String> classPath(Class<?> main) {
        return List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName());
    }

    /** Makes a topic as the services make theirs. */
    public void makeTopic(String name) {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(name, PARTITIONS, (short) 1))).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("no topic " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What this process and all others have used until now. */
    public Usage usage() {
        var pids = new LinkedHashMap<String, Long>();
        services.forEach(service -> pids.put(service.name(), service.pid()));
        if (endpoint != null) {
            pids.put(ENDPOINT, endpoint.pid());
        }
        pids.put(BROKER, broker.pid());
        pids.put(POSTGRES, postmaster());
        pids.put(LOAD, ProcessHandle.current().pid());
        var cpu = new LinkedHashMap<String, Duration>();
        var memory = new LinkedHashMap<String, Long>();
        pids.forEach(
                (part, pid) -> {
                    // The others are this process' children.
                    boolean alone = part.equals(LOAD);
                    cpu.put(part, alone ? ProcFiles.ownCpu(pid) : ProcFiles.cpu(pid));
                    memory.put(part, alone ? ProcFiles.ownMemory(pid) : ProcFiles.memory(pid));
                });
        return new Usage(cpu, memory);
    }

    private long postmaster() {
        try (var lines = Files.lines(layout().data().resolve("postmaster.pid"))) {
            return Long.parseLong(lines.findFirst().orElseThrow().strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How long each service took from the start of its process until it was ready. */
    public Map<String, Duration> startTimes() {
        return Collections.unmodifiableMap(startTimes);
    }

    /** Where each gateway serves the API; the first is the one that phones know. */
    public List<URI> gateways() {
        return gatewayPorts.stream().map(Rig::uri).toList();
    }

    public Simulators simulators() {
        return simulators;
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + kafkaPort;
    }

    /** Where PostgreSQL is, and who may enter. */
    public EmbeddedPostgres postgres() {
        return postgres;
    }

    /** With the rights of the tables' owner. */
    public Connection database() throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private EmbeddedPostgres.Layout layout() {
        return new EmbeddedPostgres.Layout(
                plan.folder().resolve("postgres"),
                plan.folder().resolve("postgres-programs"),
                plan.folder().resolve("postgres-password"),
                log("postgres"));
    }

    private Path log(String name) {
        return plan.folder().resolve("logs").resolve(name + ".log");
    }

    private Path makeFolder(String name) {
        try {
            return Files.createDirectories(plan.folder().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    private static URI uri(int port) {
        return URI.create("http://127.0.0.1:" + port + "/");
    }

    /** Stops everything, the last first. Does nothing where it is stopped. */
    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException("a part did not stop well", e);
            }
        }
    }
}
