package nod.messaging.testing;

import com.github.dockerjava.api.exception.NotFoundException;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import nod.schemas.event.Topic;
import nod.schemas.event.Topic.Producer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Where the servers of this JVM's tests are. They live as long as the JVM. */
record Servers(
        boolean isEmbedded,
        String bootstrapServers,
        String postgresHost,
        int postgresPort,
        String database,
        String user,
        String password) {

    private static final Logger log = LoggerFactory.getLogger(Servers.class);

    private static final String KAFKA_IMAGE = "apache/kafka:4.2.1";
    private static final String POSTGRES_IMAGE = "postgres:18";

    /** As many as the services create: a topic that exists is left alone. */
    private static final int PARTITIONS = 6;

    static Servers start(String way) {
        var servers =
                switch (way) {
                    case "containers" -> inContainersOrFail();
                    case "embedded" -> embedded();
                    case "auto" -> engineHasTheImages() ? inContainers() : embedded();
                    default ->
                            throw new IllegalArgumentException(
                                    "nod.test.servers is '%s', expected auto, embedded or containers"
                                            .formatted(way));
                };
        createTopics(servers.bootstrapServers());
        createRoles(servers);
        return servers;
    }

    /** The same PostgreSQL, and another Kafka, which came from where the first one did. */
    Servers withAnotherKafka() {
        var another = isEmbedded ? embeddedKafka() : kafkaInAContainer();
        createTopics(another);
        return new Servers(
                isEmbedded, another, postgresHost, postgresPort, database, user, password);
    }

    /** Before the first migration, which grants each of them what its service needs. */
    private static void createRoles(Servers servers) {
        try (var connection =
                        DriverManager.getConnection(
                                servers.jdbcUrl(servers.database()),
                                servers.user(),
                                servers.password());
                var statement = connection.createStatement()) {
            for (var service : Producer.values()) {
                statement.execute(
                        "CREATE ROLE %s LOGIN PASSWORD '%s'"
                                .formatted(TestServers.userOf(service), servers.password()));
            }
        } catch (SQLException refused) {
            throw new IllegalStateException("the services' roles could not be made", refused);
        }
    }

    String jdbcUrl(String databaseName) {
        return "jdbc:postgresql://%s:%d/%s".formatted(postgresHost, postgresPort, databaseName);
    }

    private static Servers inContainersOrFail() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            throw new IllegalStateException(
                    "nod.test.servers is 'containers', but no container engine is reachable:"
                            + " start one, or say 'embedded'");
        }
        return inContainers();
    }

    /**
     * Testcontainers complains at length where there is no trace of an engine: look first. Nor is
     * an image fetched that nobody asked for, perhaps in vain and for minutes.
     */
    private static boolean engineHasTheImages() {
        return engineMayBeThere()
                && DockerClientFactory.instance().isDockerAvailable()
                && isThere(KAFKA_IMAGE)
                && isThere(POSTGRES_IMAGE);
    }

    private static boolean isThere(String image) {
        try {
            DockerClientFactory.lazyClient().inspectImageCmd(image).exec();
            return true;
        } catch (NotFoundException missing) {
            log.warn(
                    "A container engine is reachable but has no image {}: the tests use embedded"
                            + " servers. To use containers, fetch it or say"
                            + " -Dnod.test.servers=containers",
                    image);
            return false;
        }
    }

    private static boolean engineMayBeThere() {
        var home = System.getProperty("user.home");
        var sockets =
                Stream.of(
                                Optional.of("/var/run"),
                                Optional.of(home + "/.docker/run"),
                                Optional.of(home + "/.docker/desktop"),
                                Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR")))
                        .flatMap(Optional::stream)
                        .map(folder -> Path.of(folder, "docker.sock"));
        return System.getenv("DOCKER_HOST") != null
                || Files.exists(Path.of(home, ".testcontainers.properties"))
                || System.getProperty("os.name").startsWith("Windows")
                || sockets.anyMatch(Files::exists);
    }

    @SuppressWarnings("resource") // Testcontainers removes them when the JVM has gone.
    private static Servers inContainers() {
        log.info("Tests use {} and {} in containers", KAFKA_IMAGE, POSTGRES_IMAGE);
        var postgres =
                new PostgreSQLContainer(POSTGRES_IMAGE)
                        .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=300");
        postgres.start();
        return new Servers(
                false,
                kafkaInAContainer(),
                postgres.getHost(),
                Objects.requireNonNull(postgres.getMappedPort(5432)),
                postgres.getDatabaseName(),
                postgres.getUsername(),
                postgres.getPassword());
    }

    @SuppressWarnings("resource") // As above.
    private static String kafkaInAContainer() {
        var kafka =
                new KafkaContainer(KAFKA_IMAGE)
                        .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");
        kafka.start();
        return kafka.getBootstrapServers();
    }

    private static Servers embedded() {
        log.info("Tests use an embedded Kafka and PostgreSQL");
        return new Servers(
                true,
                embeddedKafka(),
                "127.0.0.1",
                embeddedPostgres(),
                "postgres",
                "postgres",
                "postgres");
    }

    private static String embeddedKafka() {
        var broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS);
        Map.of(
                        "auto.create.topics.enable", "false",
                        "offsets.topic.num.partitions", "4",
                        "group.initial.rebalance.delay.ms", "0",
                        "log.cleaner.dedupe.buffer.size", "4194304")
                .forEach(broker::brokerProperty);
        broker.afterPropertiesSet();
        Runtime.getRuntime().addShutdownHook(new Thread(broker::destroy, "stop-kafka"));
        return broker.getBrokersAsString();
    }

    /** Its own hook stops it when the JVM ends. */
    @SuppressWarnings("resource")
    private static int embeddedPostgres() {
        try {
            return EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "300")
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .start()
                    .getPort();
        } catch (IOException failure) {
            throw new UncheckedIOException("PostgreSQL could not be started", failure);
        }
    }

    private static void createTopics(String bootstrapServers) {
        var topics = Arrays.stream(Topic.values()).map(Servers::topic).toList();
        var configuration =
                Map.<String, Object>of(
                        AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        try (var admin = Admin.create(configuration)) {
            admin.createTopics(topics).all().get();
        } catch (ExecutionException refused) {
            throw new IllegalStateException("the topics could not be created", refused);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    /** As the services want it, so that none of them complains. */
    private static NewTopic topic(Topic topic) {
        return new NewTopic(topic.topicName(), PARTITIONS, (short) 1)
                .configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "" + Topic.RETENTION.toMillis()));
    }
}
