package nod.standalone.kafka;

import nod.standalone.host.Port;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes brokers that speak TLS alone, know everybody who comes, and allow nothing that was not
 * granted. Services give a name and a password (SCRAM); operators, who may do everything, come
 * through a listener of their own and show a certificate.
 */
public final class SecuredBroker {

    private static final String OPERATORS = "OPERATORS";

    private SecuredBroker() {}

    /**
     * One that isn't started yet.
     *
     * @param tls Kafka's settings of its certificate and of the authorities that it trusts
     * @param superUsers those who may do everything, the broker's own certificate among them
     */
    public static EmbeddedKafka at(
            Path folder, int port, int operatorsPort, Map<String, String> tls, String superUsers) {
        return new EmbeddedKafka(
                folder,
                port,
                () -> {
                    var settings = new HashMap<>(BrokerSettings.of(folder, port, Port.anyFree()));
                    settings.putAll(tls);
                    settings.putAll(listeners(settings, port, operatorsPort));
                    settings.putAll(authorization(superUsers));
                    return settings;
                });
    }

    private static Map<String, String> listeners(
            Map<String, String> settings, int port, int operatorsPort) {
        return Map.of(
                "listeners",
                "%s,%s://127.0.0.1:%d"
                        .formatted(settings.get("listeners"), OPERATORS, operatorsPort),
                "advertised.listeners",
                "%s://localhost:%d,%s://localhost:%d"
                        .formatted(BrokerSettings.CLIENTS, port, OPERATORS, operatorsPort),
                "listener.security.protocol.map",
                "%s:SASL_SSL,%s:SSL,%s:SSL"
                        .formatted(BrokerSettings.CLIENTS, OPERATORS, BrokerSettings.CONTROLLER),
                "inter.broker.listener.name",
                OPERATORS,
                "listener.name.operators.ssl.client.auth",
                "required",
                "listener.name.controller.ssl.client.auth",
                "required",
                "sasl.enabled.mechanisms",
                "SCRAM-SHA-512",
                "listener.name.clients.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    }

    private static Map<String, String> authorization(String superUsers) {
        return Map.of(
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "allow.everyone.if.no.acl.found",
                "false",
                "super.users",
                superUsers);
    }
}
