package nod.benchmarks.rig;

import nod.simulators.Simulators;
import nod.simulators.SimulatorsConfig;
import nod.standalone.host.Port;
import nod.standalone.postgres.EmbeddedPostgres;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    private final Plan plan;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Simulators simulators;
    private final EmbeddedPostgres postgres;
    private final Broker broker;
    private final Services services;
    private @Nullable JvmProcess endpoint;

    /**
     * How it is run.
     *
     * @param root of the checkout, below which the jars are
     * @param folder gets data and logs
     * @param instances of each service
     * @param jvm options of each service's JVM
     * @param aot what the AOT caches of the services are made of
     * @param caches gets the jars taken apart and the caches; those of {@link Aot#LOAD} are there
     *     already
     * @param training whether the services make those caches, when they stop
     * @param fcmClient who speaks to FCM for the dispatcher
     */
    public record Plan(
            Path root,
            Path folder,
            int instances,
            List<String> jvm,
            Aot aot,
            Path caches,
            boolean training,
            String fcmClient) {

        /** The same system, in which one instance of each service makes its cache. */
        public Plan forTraining() {
            return new Plan(root, folder.resolve("training"), 1, jvm, aot, caches, true, fcmClient);
        }

        /** Where the output of a process is added. */
        Path log(String name) {
            return folder.resolve("logs").resolve(name + ".log");
        }
    }

    private Rig(Plan plan) throws InterruptedException {
        this.plan = plan;
        makeFolder("logs");
        simulators = add(Simulators.start(SimulatorsConfig.in(makeFolder("simulators"))));
        postgres =
                add(
                        EmbeddedPostgres.start(
                                layout(), new Port(0, "the benchmarks' PostgreSQL", "")));
        broker = add(new Broker(BROKER, plan.folder().resolve("kafka"), plan.log("kafka")));
        var settings =
                new ServiceSettings(
                        postgres, bootstrapServers(), simulators, API_KEY, plan.fcmClient());
        services = add(new Services(plan, settings));
    }

    /** Starts everything; returns when it is ready. */
    public static Rig start(Plan plan) throws InterruptedException {
        var rig = new Rig(plan);
        // PostgreSQL would outlive whoever ends this program by Ctrl-C.
        Runtime.getRuntime().addShutdownHook(new Thread(rig::close));
        try {
            rig.broker.start();
            rig.services.start();
            return rig;
        } catch (RuntimeException | Error e) {
            rig.close();
            throw e;
        }
    }

    /** The process of the only instance of a service. */
    public JvmProcess process(String service) {
        return services.process(service);
    }

    /**
     * What the last instance of a service says of a metric without tags, 0 where it says nothing.
     */
    public double metric(String service, String name) {
        return services.actuator(service).metric(name);
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
                                ENDPOINT,
                                command,
                                Map.of(),
                                () -> answers(port),
                                plan.log("endpoint")));
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
        broker.makeTopic(name);
    }

    /** What this process and all others have used until now. */
    public Usage usage() {
        var pids = new LinkedHashMap<>(services.pids());
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
        return services.startTimes();
    }

    /** Where each gateway serves the API; the first is the one that phones know. */
    public List<URI> gateways() {
        return services.gateways();
    }

    public Simulators simulators() {
        return simulators;
    }

    public String bootstrapServers() {
        return broker.bootstrapServers();
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
                plan.log("postgres"));
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
