package nod.standalone.settings;

import nod.standalone.host.Port;
import nod.standalone.host.StartRefusedException;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;

/**
 * What can be set for the whole system in one process. Everything else of a service keeps its own
 * properties. A port is 1 to 65535, or 0 for any free one.
 *
 * @param data the folder that keeps everything, relative to the working directory
 * @param apiKey the key of the deployment; without one the data folder keeps one
 * @param gateway the ports of the gateway
 * @param dispatcher the port of the dispatcher
 * @param responseCollector the port of the response-collector
 * @param kafka the port of the broker
 * @param postgres the port of the database server
 * @param simulators the ports of the simulated providers
 */
@ConfigurationProperties(StandaloneSettings.PREFIX)
public record StandaloneSettings(
        @DefaultValue("data") String data,
        @Nullable ApiKey apiKey,
        @DefaultValue Gateway gateway,
        @DefaultValue Dispatcher dispatcher,
        @DefaultValue ResponseCollector responseCollector,
        @DefaultValue Kafka kafka,
        @DefaultValue Postgres postgres,
        @DefaultValue Simulators simulators) {

    public static final String PREFIX = "nod.standalone";

    /** The property that names the data folder. */
    public static final String DATA = PREFIX + ".data";

    /** What is expected of every port, as the end of a sentence. */
    static final String PORT_EXPECTED = "a port from 1 to 65535, or 0 for any free one";

    private static final int MAX_PORT = 65_535;

    /**
     * @param port the API for authentik and for phones
     * @param managementPort health and metrics
     */
    public record Gateway(
            @DefaultValue("8080") int port, @DefaultValue("8081") int managementPort) {

        public Port api() {
            return listener(port, "the gateway's API", "gateway.port");
        }

        public Port management() {
            return listener(
                    managementPort, "the gateway's health and metrics", "gateway.management-port");
        }
    }

    /**
     * @param managementPort health and metrics
     */
    public record Dispatcher(@DefaultValue("8082") int managementPort) {

        public Port management() {
            return listener(
                    managementPort,
                    "the dispatcher's health and metrics",
                    "dispatcher.management-port");
        }
    }

    /**
     * @param managementPort health and metrics
     */
    public record ResponseCollector(@DefaultValue("8083") int managementPort) {

        public Port management() {
            return listener(
                    managementPort,
                    "the response-collector's health and metrics",
                    "response-collector.management-port");
        }
    }

    /**
     * @param port where clients bootstrap
     */
    public record Kafka(@DefaultValue("9092") int port) {

        public Port clients() {
            return listener(port, "Kafka", "kafka.port");
        }
    }

    /**
     * @param port where clients connect; not PostgreSQL's usual 5432, which is often taken
     */
    public record Postgres(@DefaultValue("15432") int port) {

        public Port clients() {
            return listener(port, "PostgreSQL", "postgres.port");
        }
    }

    /**
     * @param controlPort what was received, and which faults are wanted
     * @param fcmPort in the place of FCM
     * @param apnsPort in the place of APNs
     */
    public record Simulators(
            @DefaultValue("8084") int controlPort,
            @DefaultValue("8085") int fcmPort,
            @DefaultValue("8086") int apnsPort) {

        public Port control() {
            return listener(
                    controlPort,
                    "the control of the simulated providers",
                    "simulators.control-port");
        }

        public Port fcm() {
            return listener(fcmPort, "the simulated FCM", "simulators.fcm-port");
        }

        public Port apns() {
            return listener(apnsPort, "the simulated APNs", "simulators.apns-port");
        }
    }

    public StandaloneSettings {
        if (data.isBlank()) {
            throw new StartRefusedException(DATA + " is empty, expected is the name of a folder.");
        }
        refuseRepeated(
                List.of(
                        gateway.api(),
                        gateway.management(),
                        dispatcher.management(),
                        responseCollector.management(),
                        kafka.clients(),
                        postgres.clients(),
                        simulators.control(),
                        simulators.fcm(),
                        simulators.apns()));
    }

    /** Everything below {@code folder}, on free ports, with a key made there. */
    public static StandaloneSettings onFreePorts(Path folder) {
        return new StandaloneSettings(
                folder.toString(),
                null,
                new Gateway(0, 0),
                new Dispatcher(0),
                new ResponseCollector(0),
                new Kafka(0),
                new Postgres(0),
                new Simulators(0, 0, 0));
    }

    public Path dataFolder() {
        return Path.of(data);
    }

    private static void refuseRepeated(List<Port> ports) {
        var owners = new HashMap<Integer, Port>();
        for (var port : ports) {
            var other = port.number() == 0 ? null : owners.put(port.number(), port);
            if (other != null) {
                throw new StartRefusedException(
                        "%s is %d, and so is %s: expected are different ports."
                                .formatted(port.setting(), port.number(), other.setting()));
            }
        }
    }

    private static Port listener(int number, String purpose, String setting) {
        var key = PREFIX + "." + setting;
        if (number < 0 || number > MAX_PORT) {
            throw new StartRefusedException(
                    "%s is %d, expected is %s.".formatted(key, number, PORT_EXPECTED));
        }
        return new Port(number, purpose, key);
    }
}
