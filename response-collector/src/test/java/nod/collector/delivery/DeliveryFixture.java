package nod.collector.delivery;

import static org.awaitility.Awaitility.await;

import nod.collector.OwnEventLoops;
import nod.collector.ResponseCollectorApplication;
import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.messaging.event.Traceparent;
import nod.messaging.testing.Apart;
import nod.messaging.testing.ApplicationStart;
import nod.messaging.testing.TestServers;
import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.Topic;
import nod.schemas.event.Topic.Producer;
import nod.schemas.event.TransactionStatus;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystemProperty;
import org.springframework.context.ConfigurableApplicationContext;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Response collectors with a database of their own, and outcomes for them to tell; {@link Apart}.
 */
public class DeliveryFixture implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestServers servers = TestServers.apart();
    private final EventCodec codec = new EventCodec();
    private final KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(
                    Map.of("bootstrap.servers", servers.bootstrapServers()),
                    new StringSerializer(),
                    new ByteArraySerializer());
    private final List<ConfigurableApplicationContext> services = new ArrayList<>();

    /** Starts an instance; several may run. */
    public ConfigurableApplicationContext start(List<String> settings) {
        // A command that ran in this JVM before has silenced the console for all that comes after.
        System.clearProperty(LoggingSystemProperty.CONSOLE_THRESHOLD.getEnvironmentVariableName());
        var all = new ArrayList<>(settings);
        all.addAll(database());
        all.add("--server.port=0");
        all.add("--nod.response-collector.deliveries.interval=50ms");
        var service =
                ApplicationStart.of(
                        new SpringApplicationBuilder(ResponseCollectorApplication.class)
                                .properties("spring.config.name=response-collector")
                                .initializers(new OwnEventLoops()),
                        all.toArray(String[]::new));
        services.add(service);
        return service;
    }

    /** Settings that lead to the servers. */
    protected List<String> database() {
        return servers.propertiesOf(Producer.RESPONSE_COLLECTOR).entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toList();
    }

    /** Stops all instances. */
    public void stop() {
        services.forEach(ConfigurableApplicationContext::close);
        services.clear();
    }

    /** The id of a published outcome: accepted just now. */
    public UUID accepted() throws SQLException {
        return publish(outcome(TransactionStatus.ACCEPT, OutcomeReason.MATCHED)).id();
    }

    /** An outcome that was decided just now. */
    public Envelope<OutcomeDecided> outcome(
            TransactionStatus status, @Nullable OutcomeReason reason) throws SQLException {
        return outcome(status, reason, Duration.ZERO);
    }

    /** An outcome that was decided so long ago. */
    public Envelope<OutcomeDecided> outcome(
            TransactionStatus status, @Nullable OutcomeReason reason, Duration age)
            throws SQLException {
        var decided = now().minus(age);
        return new Envelope<>(
                UUID.randomUUID(),
                decided,
                Traceparent.start(),
                new OutcomeDecided(
                        UUID.randomUUID(), "ann", status, reason, null, decided, decided));
    }

    private Instant now() throws SQLException {
        try (var connection = servers.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT now()")) {
            row.next();
            return row.getTimestamp(1).toInstant();
        }
    }

    /** Writes it as a collector does. */
    public Envelope<OutcomeDecided> publish(Envelope<OutcomeDecided> outcome) {
        producer.send(codec.encode(outcome));
        producer.flush();
        return outcome;
    }

    /** Waits until the group has read every outcome, and committed its offset. */
    public void awaitNoLag(ConsumerGroup group) {
        try (var admin =
                Admin.create(Map.of("bootstrap.servers", (Object) servers.bootstrapServers()))) {
            await().atMost(PATIENCE).until(() -> hasNoLag(admin, group));
        }
    }

    private static boolean hasNoLag(Admin admin, ConsumerGroup group) throws Exception {
        var topic = Topic.OUTCOME_DECIDED.topicName();
        var latest =
                admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                        .flatMap(description -> description.partitions().stream())
                        .collect(
                                Collectors.toMap(
                                        one -> new TopicPartition(topic, one.partition()),
                                        _ -> OffsetSpec.latest()));
        var ends = admin.listOffsets(latest).all().get();
        var committed =
                admin.listConsumerGroupOffsets(group.groupName())
                        .partitionsToOffsetAndMetadata()
                        .get();
        return ends.entrySet().stream()
                .allMatch(
                        end -> {
                            var offset = committed.get(end.getKey());
                            return end.getValue().offset()
                                    == (offset == null ? 0 : offset.offset());
                        });
    }

    /** A connection to hold locks with. */
    public Connection connect() throws SQLException {
        return servers.connect();
    }

    /** Time passes: what waits for another try is due. */
    public void makeDue(String endpoint) throws SQLException {
        execute("UPDATE webhook_delivery SET due = now() WHERE endpoint = '" + endpoint + "'");
    }

    /** Waits until the column of a delivery has that value. */
    public void awaitColumn(String column, String endpoint, UUID event, Object expected) {
        await().atMost(PATIENCE)
                .until(
                        () ->
                                text(
                                        "SELECT (%s)::text FROM webhook_delivery WHERE endpoint ="
                                                        .formatted(column)
                                                + " '%s' AND event = '%s'"
                                                        .formatted(endpoint, event)),
                        found -> expected.toString().equals(found));
    }

    /** The first column of the first row; null where there is none. */
    public @Nullable String text(String query) throws SQLException {
        try (var connection = servers.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    /** Runs a statement as the owner of the tables. */
    public void execute(String sql) throws SQLException {
        try (var connection = servers.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() {
        stop();
        producer.close();
    }
}
