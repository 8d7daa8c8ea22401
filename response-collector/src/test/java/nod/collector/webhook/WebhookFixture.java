package nod.collector.webhook;

import static org.awaitility.Awaitility.await;

import nod.collector.ResponseCollectorApplication;
import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.messaging.event.Traceparent;
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

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/** Response collectors with a database of their own, and outcomes for them to tell. */
final class WebhookFixture implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(20);

    static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private final TestServers servers = new TestServers();
    private final EventCodec codec = new EventCodec();
    private final KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(
                    Map.of("bootstrap.servers", servers.bootstrapServers()),
                    new StringSerializer(),
                    new ByteArraySerializer());
    private final List<ConfigurableApplicationContext> services = new ArrayList<>();

    /** What an endpoint on this machine needs, or what is given in its place. */
    static List<String> endpoint(String name, String url, String... more) {
        var settings = new LinkedHashMap<String, String>();
        settings.put("url", url);
        settings.put("secrets", SECRET);
        settings.put("allow-private-addresses", "true");
        for (var setting : more) {
            var at = setting.indexOf('=');
            settings.put(setting.substring(0, at), setting.substring(at + 1));
        }
        return settings.entrySet().stream()
                .map(one -> "--nod.response-collector.webhooks." + name + "." + one)
                .toList();
    }

    /** Starts an instance; several may run. */
    ConfigurableApplicationContext start(List<String> settings) {
        // A command that ran in this JVM before has silenced the console for all that comes after.
        System.clearProperty(LoggingSystemProperty.CONSOLE_THRESHOLD.getEnvironmentVariableName());
        var all = new ArrayList<>(settings);
        all.addAll(database());
        all.add("--server.port=0");
        all.add("--nod.response-collector.deliveries.interval=50ms");
        var service =
                new SpringApplicationBuilder(ResponseCollectorApplication.class)
                        .properties("spring.config.name=response-collector")
                        .run(all.toArray(String[]::new));
        services.add(service);
        return service;
    }

    private List<String> database() {
        return servers.propertiesOf(Producer.RESPONSE_COLLECTOR).entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toList();
    }

    /** Stops all instances. */
    void stop() {
        services.forEach(ConfigurableApplicationContext::close);
        services.clear();
    }

    /** Runs the command as an operator does; what it said, after its exit status. */
    String command(List<String> settings, String... words) {
        var arguments = new ArrayList<String>();
        arguments.add("webhooks");
        arguments.addAll(List.of(words));
        arguments.addAll(settings);
        arguments.addAll(database());
        var said = new ByteArrayOutputStream();
        var stream = new PrintStream(said, true, StandardCharsets.UTF_8);
        var status = WebhooksMain.run(stream, stream, arguments.toArray(String[]::new));
        return status + " " + said.toString(StandardCharsets.UTF_8);
    }

    UUID accepted() throws SQLException {
        return publish(outcome(TransactionStatus.ACCEPT, OutcomeReason.MATCHED)).id();
    }

    /** An outcome that was decided just now. */
    Envelope<OutcomeDecided> outcome(TransactionStatus status, @Nullable OutcomeReason reason)
            throws SQLException {
        return outcome(status, reason, Duration.ZERO);
    }

    Envelope<OutcomeDecided> outcome(
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

    Envelope<OutcomeDecided> publish(Envelope<OutcomeDecided> outcome) {
        producer.send(codec.encode(outcome));
        producer.flush();
        return outcome;
    }

    /** Waits until every outcome was read, and the offset committed. */
    void awaitNoLag() {
        try (var admin =
                Admin.create(Map.of("bootstrap.servers", (Object) servers.bootstrapServers()))) {
            await().atMost(PATIENCE).until(() -> hasNoLag(admin));
        }
    }

    private static boolean hasNoLag(Admin admin) throws Exception {
        var topic = Topic.OUTCOME_DECIDED.topicName();
        var latest =
                admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                        .flatMap(description -> description.partitions().stream())
                        .collect(
                                Collectors.toMap(
                                        one -> new TopicPartition(topic, one.partition()),
                                        _ -> OffsetSpec.latest()));
        var ends = admin.listOffsets(latest).all().get();
        var group = ConsumerGroup.RESPONSE_COLLECTOR_WEBHOOKS.groupName();
        var committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        return ends.entrySet().stream()
                .allMatch(
                        end -> {
                            var offset = committed.get(end.getKey());
                            return end.getValue().offset()
                                    == (offset == null ? 0 : offset.offset());
                        });
    }

    /** A connection to hold locks with. */
    Connection connect() throws SQLException {
        return servers.connect();
    }

    /** Time passes: what waits for another try is due. */
    void makeDue(String endpoint) throws SQLException {
        execute("UPDATE webhook_delivery SET due = now() WHERE endpoint = '" + endpoint + "'");
    }

    /** Waits until the column of a delivery has that value. */
    void awaitColumn(String column, String endpoint, UUID event, Object expected) {
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
    @Nullable String text(String query) throws SQLException {
        try (var connection = servers.connect();
                var statement = connection.createStatement();
                var row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    void execute(String sql) throws SQLException {
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
