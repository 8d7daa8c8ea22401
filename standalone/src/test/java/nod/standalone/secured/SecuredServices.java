package nod.standalone.secured;

import static java.util.concurrent.CompletableFuture.runAsync;

import nod.gateway.contract.CheckedHttpClient;
import nod.simulators.Simulators;
import nod.simulators.SimulatorsConfig;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.ServicesMain;
import nod.standalone.e2e.Authentik;
import nod.standalone.host.Port;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import javax.net.ssl.SSLContext;

/**
 * The services, each with a role and a principal of its own, and a gateway more: one serves phones,
 * which have no certificates, and one serves authentik alone, which has to show its own.
 */
final class SecuredServices implements AutoCloseable {

    private static final String API_KEY = "the-key-of-a-test-in-which-all-is-encrypted";
    private static final String FCM = "nod.dispatcher.fcm.";

    private final Path folder;
    private final SecuredServers servers;
    private final Authority authority;
    private final Simulators simulators;
    private final Queue<ServicesMain.Running> running = new ConcurrentLinkedQueue<>();

    final URI forPhones = gatewayUri();
    final URI forAuthentik = gatewayUri();
    final Authority.Identity gateway;
    private final Authority.Identity authentik;

    SecuredServices(Path folder, SecuredServers servers, Authority authority) throws IOException {
        this.folder = folder;
        this.servers = servers;
        this.authority = authority;
        gateway = authority.issue("gateway", "localhost");
        authentik = authority.issue("authentik");
        simulators =
                Simulators.start(
                        SimulatorsConfig.in(Files.createDirectories(folder.resolve("simulators"))));
    }

    private static URI gatewayUri() {
        return URI.create("https://localhost:%d/".formatted(Port.anyFree()));
    }

    /** The gateway for phones comes first, for it migrates the database. */
    void start() {
        run("gateway", gateway(forPhones), Map.of("spring.flyway.enabled", "true"));
        CompletableFuture.allOf(
                        runAsync(() -> run("gateway", gateway(forAuthentik), alone())),
                        runAsync(() -> run("dispatcher", dispatcher(), Map.of())),
                        runAsync(() -> run("response-collector", anyPort(), Map.of())))
                .join();
    }

    /** Nobody is served without a certificate, and TLS 1.3 alone is spoken; it knows the key. */
    private Map<String, String> alone() {
        return Map.of(
                "nod.gateway.api-keys.test",
                API_KEY,
                "server.ssl.client-auth",
                "need",
                "spring.ssl.bundle.pem.gateway.truststore.certificate",
                authority.certificate().toString(),
                "spring.ssl.bundle.pem.gateway.options.enabled-protocols",
                "TLSv1.3");
    }

    private void run(String service, Map<String, String> own, Map<String, String> different) {
        running.add(start(service, own, different));
    }

    private Map<String, String> gateway(URI uri) {
        return Map.ofEntries(
                Map.entry("server.port", "" + uri.getPort()),
                Map.entry("server.ssl.bundle", "gateway"),
                Map.entry(
                        "spring.ssl.bundle.pem.gateway.keystore.certificate",
                        gateway.chain.toString()),
                Map.entry(
                        "spring.ssl.bundle.pem.gateway.keystore.private-key",
                        gateway.privateKey.toString()),
                Map.entry("spring.ssl.bundle.pem.gateway.reload-on-update", "true"),
                Map.entry("spring.ssl.bundle.watch.file.quiet-period", "100ms"),
                Map.entry("management.server.port", "" + Port.anyFree()),
                Map.entry("management.server.address", "127.0.0.1"),
                Map.entry("management.server.ssl.enabled", "false"),
                Map.entry("nod.gateway.public-url", forPhones.toString()));
    }

    private Map<String, String> dispatcher() {
        var all = new HashMap<>(anyPort());
        all.put(FCM + "service-account", simulators.fcmServiceAccountFile().toString());
        all.put(FCM + "endpoint", simulators.fcmBaseUri().toString());
        all.put(FCM + "trusted-certificates", simulators.certificateAuthorityFile().toString());
        return all;
    }

    private static Map<String, String> anyPort() {
        return Map.of("server.port", "" + Port.anyFree());
    }

    /** A service that is closed by the caller, with health on that port. */
    ServicesMain.Running start(String service, int port, Map<String, String> different) {
        return start(service, Map.of("server.port", "" + port), different);
    }

    private ServicesMain.Running start(
            String service, Map<String, String> own, Map<String, String> different) {
        var properties = new Properties();
        properties.putAll(properties(service, "nod-" + service));
        properties.putAll(own);
        properties.putAll(different);
        try {
            var file =
                    Files.createTempDirectory(folder, "settings").resolve(service + ".properties");
            try (var text = Files.newBufferedWriter(file)) {
                properties.store(text, null);
            }
            return ServicesMain.start(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The settings of a service's command that goes to Kafka as that principal. */
    List<String> arguments(String service, String principal, Map<String, String> different) {
        var all = new HashMap<>(properties(service, principal));
        all.putAll(different);
        return all.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toList();
    }

    /** How a service of that name gets at Kafka, as that principal, and at the database. */
    private Map<String, String> properties(String service, String principal) {
        var role = "nod_" + service.replace('-', '_');
        return Map.ofEntries(
                Map.entry("spring.config.import", "configtree:" + secrets(role, principal) + "/"),
                Map.entry(
                        "spring.ssl.bundle.pem.kafka.truststore.certificate",
                        authority.certificate().toString()),
                Map.entry("spring.kafka.bootstrap-servers", servers.bootstrapServers()),
                Map.entry("spring.kafka.security.protocol", "SASL_SSL"),
                Map.entry("spring.kafka.ssl.bundle", "kafka"),
                Map.entry("spring.kafka.properties.sasl.mechanism", "SCRAM-SHA-512"),
                Map.entry(
                        "spring.kafka.properties.sasl.jaas.config",
                        SecuredServers.jaas(principal, "${kafka.password}")),
                Map.entry("spring.r2dbc.url", servers.r2dbcUrl()),
                Map.entry("spring.r2dbc.username", role),
                Map.entry("spring.flyway.enabled", "false"),
                Map.entry("spring.flyway.url", servers.jdbcUrl()),
                Map.entry("nod.messaging.outbox.sweep-age", "1s"));
    }

    /** A folder with a file for each secret, as an orchestrator mounts it. */
    private Path secrets(String role, String principal) {
        try {
            var secrets = Files.createDirectories(folder.resolve("secrets-of-" + principal));
            Files.writeString(
                    secrets.resolve("kafka.password"), SecuredServers.passwordOf(principal) + "\n");
            Files.writeString(
                    secrets.resolve("spring.r2dbc.password"),
                    SecuredServers.passwordOf(role) + "\n");
            Files.writeString(
                    secrets.resolve("spring.flyway.password"),
                    SecuredServers.passwordOf("nod") + "\n");
            return secrets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** authentik, which shows its certificate. */
    Authentik authentik() {
        return authentik(authentik.trusting(authority));
    }

    /** authentik with another way of speaking TLS. */
    Authentik authentik(SSLContext tls) {
        return authentik(tls, forAuthentik);
    }

    /** Somebody who has got authentik's key, and tries it where phones are served. */
    Authentik thief() {
        return authentik(authority.trusted(), forPhones);
    }

    private static Authentik authentik(SSLContext tls, URI gateway) {
        return new Authentik(CheckedHttpClient.of(tls, gateway), gateway, API_KEY);
    }

    /** A phone of the user, enrolled and with its push key registered. */
    VirtualPhone phone(String user) {
        var phone =
                VirtualPhone.enrol(
                        authentik().beginEnrolment(user),
                        PhoneModel.android(user),
                        simulators.controlUri(),
                        phones());
        phone.setNotificationKey();
        return phone;
    }

    private HttpClient phones() {
        return CheckedHttpClient.of(authority.trusted(), forPhones, simulators.controlUri());
    }

    /** At the same time: each finishes what it has begun. */
    @Override
    public void close() {
        CompletableFuture.allOf(
                        running.stream()
                                .map(service -> runAsync(service::close))
                                .toArray(CompletableFuture<?>[]::new))
                .join();
        simulators.close();
    }
}
