package nod.standalone.kafka;

import nod.standalone.host.Port;

import org.apache.kafka.clients.admin.Admin;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The broker as its own program. It may have a listener for each kind of client, so that the
 * network to each can fail by itself.
 *
 * <p>Arguments: its folder, its own port, then {@code NAME:PORT:ADVERTISED} for each such listener.
 */
public final class BrokerMain {

    /** What it prints when clients can connect. */
    public static final String READY = "the broker is ready";

    private BrokerMain() {}

    /** Runs until the process is ended. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int port = Integer.parseInt(arguments[1]);
        var settings =
                new HashMap<>(BrokerSettings.of(Path.of(arguments[0]), port, Port.anyFree()));
        Arrays.stream(arguments).skip(2).forEach(listener -> add(listener, settings));
        new EmbeddedKafka(Path.of(arguments[0]), port, () -> settings).start();
        System.out.println(READY);
        Thread.currentThread().join();
    }

    /** Whether a broker answers at this address; asks for a second at most. */
    public static boolean answersAt(String bootstrapServers) {
        try (var admin =
                Admin.create(
                        Map.of(
                                "bootstrap.servers", bootstrapServers,
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

    private static void add(String listener, Map<String, String> settings) {
        var parts = listener.split(":");
        append(settings, "listeners", "%s://127.0.0.1:%s".formatted(parts[0], parts[1]));
        append(settings, "advertised.listeners", "%s://127.0.0.1:%s".formatted(parts[0], parts[2]));
        append(settings, "listener.security.protocol.map", parts[0] + ":PLAINTEXT");
    }

    private static void append(Map<String, String> settings, String key, String value) {
        settings.merge(key, value, (before, more) -> before + "," + more);
    }
}
