package nod.standalone.upgrade;

import nod.gateway.contract.CheckedHttpClient;
import nod.messaging.testing.TestServers;
import nod.simulators.Simulators;
import nod.simulators.SimulatorsConfig;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.e2e.Authentik;
import nod.standalone.host.Port;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** One database, one Kafka and the providers, for services of any version. */
final class Site implements AutoCloseable {

    private static final String API_KEY = "the-key-of-a-test-that-upgrades-a-service";
    private static final String FCM = "nod.dispatcher.fcm.";

    private final Path folder;
    private final TestServers servers = new TestServers();
    private final Simulators simulators;
    private int instances;

    Site(Path folder) throws IOException {
        this.folder = folder;
        simulators =
                Simulators.start(
                        SimulatorsConfig.in(Files.createDirectories(folder.resolve("simulators"))));
    }

    /** A gateway of whatever version, running or not. */
    final class Gateway {

        private final URI uri = URI.create("http://127.0.0.1:%d/".formatted(Port.anyFree()));

        /** Its settings, in a file. */
        final Path settings =
                settings(
                        "gateway",
                        Map.of(
                                "server.port",
                                "" + uri.getPort(),
                                "management.server.port",
                                "" + Port.anyFree(),
                                "management.server.address",
                                "127.0.0.1",
                                "spring.flyway.enabled",
                                "true",
                                "nod.gateway.public-url",
                                uri.toString(),
                                "nod.gateway.api-keys.test",
                                API_KEY));

        /** authentik, which calls this one. */
        final Authentik authentik = new Authentik(uri, API_KEY);

        /** A phone of the user that enrolled at this one, and answers here. */
        VirtualPhone phone(String user) {
            var phone =
                    VirtualPhone.enrol(
                            authentik.beginEnrolment(user),
                            PhoneModel.android(user),
                            simulators.controlUri(),
                            CheckedHttpClient.of(uri, simulators.controlUri()));
            phone.setNotificationKey();
            return phone;
        }
    }

    TestServers servers() {
        return servers;
    }

    /** The settings of a dispatcher, in a file. */
    Path dispatcher() {
        return settings(
                "dispatcher",
                Map.of(
                        "server.port",
                        "" + Port.anyFree(),
                        FCM + "service-account",
                        simulators.fcmServiceAccountFile().toString(),
                        FCM + "endpoint",
                        simulators.fcmBaseUri().toString(),
                        FCM + "trusted-certificates",
                        simulators.certificateAuthorityFile().toString()));
    }

    /** The settings of a response-collector, in a file. */
    Path collector() {
        return settings("response-collector", Map.of("server.port", "" + Port.anyFree()));
    }

    private Path settings(String service, Map<String, String> own) {
        var all = new HashMap<>(servers.properties());
        all.put("spring.r2dbc.username", "nod_" + service.replace('-', '_'));
        all.put("spring.flyway.enabled", "false");
        all.put("nod.messaging.outbox.sweep-age", "1s");
        all.putAll(own);
        var properties = new Properties();
        properties.putAll(all);
        var file = folder.resolve("instance-" + ++instances).resolve(service + ".properties");
        try {
            Files.createDirectories(file.getParent());
            try (var text = Files.newBufferedWriter(file)) {
                properties.store(text, null);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    @Override
    public void close() {
        simulators.close();
    }
}
