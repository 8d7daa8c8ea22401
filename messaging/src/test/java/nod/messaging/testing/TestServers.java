package nod.messaging.testing;

import nod.schemas.event.Topic.Producer;

import org.flywaydb.core.Flyway;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.DynamicPropertyRegistrar;
import org.springframework.test.context.DynamicPropertyRegistry;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real Kafka and a real PostgreSQL for a test class: both servers are shared by the tests of a
 * JVM and started at the first use; each {@code TestServers} has a fresh, migrated database of its
 * own. The topics of the event log exist and keep what earlier tests wrote: look for your own keys,
 * and close a service before another one joins its group. {@link Apart} says how two classes run a
 * service at the same time.
 *
 * <p>Where the servers come from says the system property {@code nod.test.servers}: {@code
 * containers} (by Testcontainers; fails without a container engine), {@code embedded} (in and
 * beside this JVM), or {@code auto}, the default: containers where an engine has the images.
 *
 * <p>Used as a value in a plain test; in a Spring test also as {@code
 * ContextConfiguration(initializers = TestServers.class)}, or as the body of a {@code
 * DynamicPropertySource}. Thread-safe.
 */
public final class TestServers
        implements DynamicPropertyRegistrar,
                ApplicationContextInitializer<ConfigurableApplicationContext> {

    private static final String TEMPLATE = "nod_template";

    private static final AtomicInteger databases = new AtomicInteger();

    private final Servers servers;
    private final String database;

    /** Creates a fresh database, and starts the servers before where they don't run yet. */
    public TestServers() {
        this(Shared.SERVERS);
    }

    private TestServers(Servers servers) {
        this.servers = servers;
        database = "nod_" + databases.incrementAndGet();
        execute("CREATE DATABASE " + database + " TEMPLATE " + TEMPLATE);
    }

    /** On the second Kafka, for a class that is {@link Apart}. */
    public static TestServers apart() {
        return new TestServers(Second.SERVERS);
    }

    /** Kafka's address for clients. */
    public String bootstrapServers() {
        return servers.bootstrapServers();
    }

    /** The database for R2DBC, without credentials. */
    public String r2dbcUrl() {
        return "r2dbc:postgresql://%s:%d/%s"
                .formatted(servers.postgresHost(), servers.postgresPort(), database);
    }

    /** The database for JDBC, without credentials. */
    public String jdbcUrl() {
        return servers.jdbcUrl(database);
    }

    /** Who may do everything in the database. */
    public String user() {
        return servers.user();
    }

    /** Who has no more rights than that service needs. */
    public static String userOf(Producer service) {
        return "nod_" + service.serviceName().replace('-', '_');
    }

    /** The password of all users. */
    public String password() {
        return servers.password();
    }

    /** A connection of the caller's own, to look into the database or to hold locks in it. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), user(), password());
    }

    /** A connection with the rights of a service. */
    public Connection connectAs(Producer service) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), userOf(service), password());
    }

    /** As {@link #properties()}, for a service that has no more rights than it needs. */
    public Map<String, String> propertiesOf(Producer service) {
        var properties = new HashMap<>(properties());
        properties.put("spring.r2dbc.username", userOf(service));
        return Map.copyOf(properties);
    }

    /** The same under the names of Spring Boot's properties; in the database, all is allowed. */
    public Map<String, String> properties() {
        return Map.of(
                "spring.kafka.bootstrap-servers", bootstrapServers(),
                "spring.r2dbc.url", r2dbcUrl(),
                "spring.r2dbc.username", user(),
                "spring.r2dbc.password", password(),
                "spring.flyway.url", jdbcUrl(),
                "spring.flyway.user", user(),
                "spring.flyway.password", password());
    }

    @Override
    public void accept(DynamicPropertyRegistry registry) {
        properties().forEach((name, value) -> registry.add(name, () -> value));
    }

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        TestPropertyValues.of(properties()).applyTo(context);
    }

    private void execute(String sql) {
        try (var connection =
                        DriverManager.getConnection(
                                servers.jdbcUrl(servers.database()), user(), password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException refused) {
            throw new IllegalStateException(sql + " was refused", refused);
        }
    }

    /** Starts the second Kafka when it is first asked for it. */
    private static final class Second {

        static final Servers SERVERS = Shared.SERVERS.withAnotherKafka();
    }

    /** Starts the servers when it is first asked for them. */
    private static final class Shared {

        static final Servers SERVERS = start();

        private static Servers start() {
            var servers = Servers.start(System.getProperty("nod.test.servers", "auto"));
            createTemplate(servers);
            return servers;
        }

        private static void createTemplate(Servers servers) {
            var url = servers.jdbcUrl(servers.database());
            try (var connection =
                            DriverManager.getConnection(url, servers.user(), servers.password());
                    var statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE " + TEMPLATE);
            } catch (SQLException refused) {
                throw new IllegalStateException("the template database could not be made", refused);
            }
            Flyway.configure()
                    .dataSource(servers.jdbcUrl(TEMPLATE), servers.user(), servers.password())
                    .locations("classpath:db/migration")
                    .load()
                    .migrate();
        }
    }
}
