package nod.standalone;

import nod.collector.ResponseCollectorApplication;
import nod.dispatcher.DispatcherApplication;
import nod.gateway.GatewayApplication;
import nod.standalone.settings.ApiKey;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The three services, wired to what runs here. */
final class Services implements AutoCloseable {
    private static final String FCM = "nod.dispatcher.fcm.";
    private static final String APNS = "nod.dispatcher.apns.";

    private final Infrastructure infrastructure;
    private final Ports ports;
    private final Map<String, String> overrides;
    private final Progress progress;
    private final List<Service> running = new CopyOnWriteArrayList<>();

    /**
     * @param overrides properties of the services that win over what is set here
     */
    Services(
            Infrastructure infrastructure,
            Ports ports,
            Map<String, String> overrides,
            Progress progress) {
        this.infrastructure = infrastructure;
        this.ports = ports;
        this.overrides = overrides;
        this.progress = progress;
    }

    /** The gateway comes first, for it brings the tables that all of them need. */
    void start(ApiKey apiKey) throws InterruptedException {
        try (var starts = new Starts()) {
            starts.begin(() -> gateway(apiKey)).result();
            var dispatcher = starts.begin(this::dispatcher);
            var collector = starts.begin(this::responseCollector);
            dispatcher.result();
            collector.result();
        }
    }

    /** Stops them at the same time: each finishes what it has begun. */
    @Override
    public void close() {
        try (var stops = new Starts()) {
            running.forEach(
                    service ->
                            stops.begin(
                                    () -> {
                                        service.close();
                                        return service;
                                    }));
        }
        running.clear();
    }

    private Service start(
            String name, Class<?> application, Map<String, String> own, int serverPort) {
        var properties = common(name, serverPort);
        properties.putAll(own);
        properties.putAll(overrides);
        var service = Service.start(name, application, properties);
        running.add(service);
        progress.done("%s on 127.0.0.1:%d".formatted(name, serverPort));
        return service;
    }

    private Map<String, String> common(String name, int serverPort) {
        var postgres = infrastructure.postgres();
        var properties = new HashMap<String, String>();
        properties.put("server.port", Integer.toString(serverPort));
        properties.put("spring.kafka.bootstrap-servers", infrastructure.kafka().bootstrapServers());
        properties.put("spring.r2dbc.url", postgres.r2dbcUrl());
        properties.put("spring.r2dbc.username", "nod_" + name.replace('-', '_'));
        properties.put("spring.r2dbc.password", postgres.password());
        // Only the gateway's own properties say otherwise.
        properties.put("spring.flyway.enabled", "false");
        return properties;
    }

    private Service gateway(ApiKey apiKey) {
        var postgres = infrastructure.postgres();
        return start(
                "gateway",
                GatewayApplication.class,
                Map.of(
                        "management.server.address", "127.0.0.1",
                        "management.server.port", Integer.toString(ports.gatewayManagement()),
                        "spring.flyway.enabled", "true",
                        "spring.flyway.url", postgres.jdbcUrl(),
                        "spring.flyway.user", postgres.user(),
                        "spring.flyway.password", postgres.password(),
                        "nod.gateway.public-url", "http://127.0.0.1:" + ports.gateway() + "/",
                        "nod.gateway.api-keys.standalone", apiKey.value()),
                ports.gateway());
    }

    private Service dispatcher() {
        var simulators = infrastructure.simulators();
        var config = simulators.config();
        var authority = simulators.certificateAuthorityFile().toString();
        return start(
                "dispatcher",
                DispatcherApplication.class,
                Map.of(
                        FCM + "service-account", simulators.fcmServiceAccountFile().toString(),
                        FCM + "endpoint", simulators.fcmBaseUri().toString(),
                        FCM + "trusted-certificates", authority,
                        APNS + "host", simulators.apnsHost(),
                        APNS + "port", Integer.toString(simulators.apnsPort()),
                        APNS + "topic", config.apnsTopic(),
                        APNS + "key-id", config.apnsKeyId(),
                        APNS + "team-id", config.apnsTeamId(),
                        APNS + "signing-key", simulators.apnsSigningKeyFile().toString(),
                        APNS + "trusted-certificates", authority),
                ports.dispatcherManagement());
    }

    private Service responseCollector() {
        return start(
                "response-collector",
                ResponseCollectorApplication.class,
                Map.of(),
                ports.responseCollectorManagement());
    }
}
