package nod.standalone.secured;

import nod.standalone.host.Port;
import nod.standalone.kafka.EmbeddedKafka;
import nod.standalone.kafka.SecuredBroker;
import nod.standalone.postgres.EmbeddedPostgres;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/**
 * A Kafka and a PostgreSQL that speak TLS alone, set up as an operator does it. Kafka's certificate
 * is good for {@code localhost} and {@code 127.0.0.1}, the database's for {@code localhost} alone.
 */
final class SecuredServers implements AutoCloseable {

    /** Every password begins with it: what nobody may print. */
    static final String SECRET = "the-secret-of-";

    private static final List<String> ROLES =
            List.of("nod", "nod_gateway", "nod_dispatcher", "nod_response_collector");

    private final Authority authority;
    private final int kafkaPort = Port.anyFree();
    private final EmbeddedKafka kafka;
    private final EmbeddedPostgres postgres;
    private final Admin operator;

    /** Starts both; at Kafka there are neither topics nor rights. */
    SecuredServers(Path folder, Authority authority) throws Exception {
        this.authority = authority;
        var operatorsPort = Port.anyFree();
        kafka = kafka(folder, operatorsPort);
        kafka.start();
        operator = operator(operatorsPort);
        postgres = EmbeddedPostgres.start(layout(folder), new Port(0, "PostgreSQL", "none"));
        secure(layout(folder).data());
    }

    private EmbeddedKafka kafka(Path folder, int operatorsPort) {
        return SecuredBroker.at(
                folder.resolve("kafka"),
                kafkaPort,
                operatorsPort,
                pem(authority.issue("broker", "localhost", "127.0.0.1")),
                "User:CN=broker;User:CN=operator");
    }

    private Admin operator(int port) {
        var configuration = new HashMap<String, Object>(pem(authority.issue("operator")));
        configuration.put("bootstrap.servers", "localhost:" + port);
        configuration.put("security.protocol", "SSL");
        return Admin.create(configuration);
    }

    private Map<String, String> pem(Authority.Identity identity) {
        return Map.of(
                "ssl.keystore.type", "PEM",
                "ssl.keystore.certificate.chain", identity.chainPem(),
                "ssl.keystore.key", identity.privateKeyPem(),
                "ssl.truststore.type", "PEM",
                "ssl.truststore.certificates", authority.certificatePem());
    }

    private static EmbeddedPostgres.Layout layout(Path folder) {
        return new EmbeddedPostgres.Layout(
                folder.resolve("postgres"),
                folder.resolve("postgres-programs"),
                folder.resolve("postgres-password"),
                folder.resolve("postgres.log"));
    }

    /** Lets nobody in any more but over TLS, and gives each role a password of its own. */
    private void secure(Path data) throws SQLException, IOException {
        var identity = authority.issue("database", "localhost");
        try (var connection = plainly("postgres", postgres.password());
                var statement = connection.createStatement()) {
            for (var role : ROLES) {
                statement.execute("ALTER ROLE %s PASSWORD '%s'".formatted(role, passwordOf(role)));
            }
            statement.execute("ALTER SYSTEM SET ssl_cert_file = '" + identity.chain + "'");
            statement.execute("ALTER SYSTEM SET ssl_key_file = '" + identity.privateKey + "'");
            statement.execute("ALTER SYSTEM SET ssl = on");
            Files.writeString(
                    data.resolve("pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n");
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    /** A connection to the database without TLS. */
    Connection plainly(String user, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:%d/nod?sslmode=disable".formatted(postgres.port()),
                user,
                password);
    }

    /** A connection of who may see everything. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), "postgres", postgres.password());
    }

    /** The password of that role, or of that principal. */
    static String passwordOf(String name) {
        return SECRET + name;
    }

    String bootstrapServers() {
        return "localhost:" + kafkaPort;
    }

    String jdbcUrl() {
        return jdbcUrl(authority);
    }

    /** The address of the database for who trusts that authority. */
    String jdbcUrl(Authority trusted) {
        return "jdbc:postgresql://localhost:%d/nod?sslmode=verify-full&sslrootcert=%s"
                .formatted(postgres.port(), trusted.certificate());
    }

    String r2dbcUrl() {
        return r2dbcUrl("localhost", authority);
    }

    /** The address of the database, under a name of the caller's and with another trust. */
    String r2dbcUrl(String host, Authority trusted) {
        return "r2dbc:postgresql://%s:%d/nod?sslMode=verify-full&sslRootCert=%s"
                .formatted(host, postgres.port(), trusted.certificate());
    }

    /** What a Kafka client of that principal is configured with. */
    Map<String, Object> client(String principal) {
        return Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "security.protocol",
                "SASL_SSL",
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.certificates",
                authority.certificatePem(),
                "sasl.mechanism",
                "SCRAM-SHA-512",
                "sasl.jaas.config",
                jaas(principal, passwordOf(principal)));
    }

    static String jaas(String principal, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required"
                + " username=\"%s\" password=\"%s\";".formatted(principal, password);
    }

    /** Makes principals, each with a password. */
    void admit(Collection<String> principals) throws ExecutionException, InterruptedException {
        var kind = new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096);
        var credentials =
                principals.stream()
                        .<UserScramCredentialAlteration>map(
                                name ->
                                        new UserScramCredentialUpsertion(
                                                name, kind, passwordOf(name)))
                        .toList();
        operator.alterUserScramCredentials(credentials).all().get();
    }

    void grant(Collection<AclBinding> rights) throws ExecutionException, InterruptedException {
        operator.createAcls(rights).all().get();
    }

    void revoke(AclBinding right) throws ExecutionException, InterruptedException {
        operator.deleteAcls(List.of(right.toFilter())).all().get();
    }

    /** Creates those of the topics that are missing. */
    void createTopics(Collection<String> names) throws ExecutionException, InterruptedException {
        var existing = topics();
        operator.createTopics(
                        names.stream()
                                .filter(name -> !existing.contains(name))
                                .map(name -> new NewTopic(name, 2, (short) 1))
                                .toList())
                .all()
                .get();
    }

    Collection<String> topics() throws ExecutionException, InterruptedException {
        return operator.listTopics().names().get();
    }

    @Override
    public void close() {
        operator.close();
        kafka.close();
        postgres.close();
    }
}
