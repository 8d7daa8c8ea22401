package nod.standalone;

import nod.simulators.Simulators;
import nod.standalone.host.DataFolder;
import nod.standalone.host.PrivateFile;
import nod.standalone.kafka.EmbeddedKafka;
import nod.standalone.postgres.EmbeddedPostgres;
import nod.standalone.settings.ApiKey;
import nod.standalone.settings.StandaloneSettings;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * The whole system, running in this process and on loopback: Kafka, PostgreSQL, the simulated
 * providers and the three services. All its data lies in one folder, which it owns until it is
 * closed.
 */
public final class Standalone implements AutoCloseable {
    private final Parts parts;
    private final DataFolder folder;
    private final Ports ports;
    private final ApiKey apiKey;
    private final Infrastructure infrastructure;

    private Standalone(
            Parts parts,
            DataFolder folder,
            Ports ports,
            ApiKey apiKey,
            Infrastructure infrastructure) {
        this.parts = parts;
        this.folder = folder;
        this.ports = ports;
        this.apiKey = apiKey;
        this.infrastructure = infrastructure;
    }

    /**
     * Returns when everything is ready. When it throws, nothing is left running.
     *
     * @throws nod.standalone.host.StartRefusedException with a sentence for whoever started it
     * @throws InterruptedException when the start isn't wanted any more
     */
    public static Standalone start(StandaloneSettings settings, Progress progress)
            throws InterruptedException {
        return start(
                DataFolder.own(settings.dataFolder(), StandaloneSettings.DATA),
                settings,
                Map.of(),
                progress);
    }

    /**
     * As {@link #start(StandaloneSettings, Progress)}, on a folder that is owned already.
     *
     * @param folder closed with the system
     * @param properties for the services, over everything else they are told
     */
    static Standalone start(
            DataFolder folder,
            StandaloneSettings settings,
            Map<String, String> properties,
            Progress progress)
            throws InterruptedException {
        var parts = new Parts();
        parts.add(folder);
        try {
            return start(parts, folder, settings, properties, progress);
        } catch (InterruptedException | RuntimeException | Error e) {
            parts.close();
            throw e;
        }
    }

    private static Standalone start(
            Parts parts,
            DataFolder folder,
            StandaloneSettings settings,
            Map<String, String> properties,
            Progress progress)
            throws InterruptedException {
        var ports = Ports.reserve(settings);
        PrivateFile.makeFolder(folder.resolve("logs"));
        var key = ApiKey.orKept(settings.apiKey(), folder.resolve("api-key"));
        var infrastructure =
                Infrastructure.start(folder, ports, settings.postgres().clients(), parts, progress);
        var services = parts.add(new Services(infrastructure, ports, properties, progress));
        services.start(key);
        return new Standalone(parts, folder, ports, key, infrastructure);
    }

    /** Where authentik and phones call, with a slash at the end. */
    public URI gatewayUri() {
        return loopback(ports.gateway());
    }

    /** Where health and metrics of the gateway are, with a slash at the end. */
    public URI gatewayManagementUri() {
        return loopback(ports.gatewayManagement());
    }

    /** Where health and metrics of the dispatcher are, with a slash at the end. */
    public URI dispatcherManagementUri() {
        return loopback(ports.dispatcherManagement());
    }

    /** Where health and metrics of the response-collector are, with a slash at the end. */
    public URI responseCollectorManagementUri() {
        return loopback(ports.responseCollectorManagement());
    }

    /** The key that acts for the deployment. */
    public ApiKey apiKey() {
        return apiKey;
    }

    /** The event log; it may be stopped and started again while the rest runs. */
    public EmbeddedKafka kafka() {
        return infrastructure.kafka();
    }

    public EmbeddedPostgres postgres() {
        return infrastructure.postgres();
    }

    public Simulators simulators() {
        return infrastructure.simulators();
    }

    /** The folder that keeps everything. */
    public Path dataFolder() {
        return folder.path();
    }

    /** Stops everything, the services first, and gives the folder back. */
    @Override
    public void close() {
        parts.close();
    }

    private static URI loopback(int port) {
        return URI.create("http://127.0.0.1:" + port + "/");
    }
}
