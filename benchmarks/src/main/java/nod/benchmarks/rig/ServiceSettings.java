package nod.benchmarks.rig;

import nod.simulators.Simulators;
import nod.standalone.postgres.EmbeddedPostgres;

import java.util.HashMap;
import java.util.Map;

/**
 * What each service is told about the others, by the names of its properties.
 *
 * @param fcmClient who speaks to FCM for the dispatcher
 */
record ServiceSettings(
        EmbeddedPostgres postgres,
        String bootstrapServers,
        Simulators simulators,
        String apiKey,
        String fcmClient) {

    private static final String FCM = "nod.dispatcher.fcm.";
    private static final String APNS = "nod.dispatcher.apns.";

    /**
     * Of a gateway.
     *
     * @param publicPort where phones believe to find it
     */
    Map<String, String> gateway(int port, int managementPort, int publicPort) {
        var properties = common("nod_gateway");
        properties.put("server.port", "" + port);
        properties.put("management.server.address", "127.0.0.1");
        properties.put("management.server.port", "" + managementPort);
        properties.put("spring.flyway.url", postgres.jdbcUrl());
        properties.put("spring.flyway.user", postgres.user());
        properties.put("spring.flyway.password", postgres.password());
        properties.put("nod.gateway.public-url", "http://127.0.0.1:" + publicPort + "/");
        properties.put("nod.gateway.api-keys.benchmarks", apiKey);
        // All who call here have the same address.
        properties.put("nod.gateway.connections.max-per-address", "20000");
        properties.put("nod.gateway.enrollment.device-binding", "required");
        return properties;
    }

    /** Of a dispatcher. */
    Map<String, String> dispatcher(int managementPort) {
        var config = simulators.config();
        var authority = simulators.certificateAuthorityFile().toAbsolutePath().toString();
        var properties = common("nod_dispatcher");
        properties.put("server.port", "" + managementPort);
        properties.put(FCM + "client", fcmClient);
        properties.put(FCM + "service-account", simulators.fcmServiceAccountFile().toString());
        properties.put(FCM + "endpoint", simulators.fcmBaseUri().toString());
        properties.put(FCM + "trusted-certificates", authority);
        properties.put(APNS + "host", simulators.apnsHost());
        properties.put(APNS + "port", "" + simulators.apnsPort());
        properties.put(APNS + "topic", config.apnsTopic());
        properties.put(APNS + "key-id", config.apnsKeyId());
        properties.put(APNS + "team-id", config.apnsTeamId());
        properties.put(APNS + "signing-key", simulators.apnsSigningKeyFile().toString());
        properties.put(APNS + "trusted-certificates", authority);
        return properties;
    }

    /** Of a response-collector. */
    Map<String, String> responseCollector(int managementPort) {
        var properties = common("nod_response_collector");
        properties.put("server.port", "" + managementPort);
        return properties;
    }

    private Map<String, String> common(String role) {
        var properties = new HashMap<String, String>();
        properties.put("server.address", "127.0.0.1");
        properties.put("spring.kafka.bootstrap-servers", bootstrapServers);
        properties.put("spring.r2dbc.url", postgres.r2dbcUrl());
        properties.put("spring.r2dbc.username", role);
        properties.put("spring.r2dbc.password", postgres.password());
        return properties;
    }
}
