package nod.collector;

import static org.awaitility.Awaitility.await;

import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.messaging.event.Traceparent;
import nod.messaging.testing.ApplicationStart;
import nod.messaging.testing.EventLogReader;
import nod.messaging.testing.TestServers;
import nod.schemas.event.Event;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.Topic;
import nod.schemas.event.Topic.Producer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A running response collector with a database of its own, and what is around it: the gateway's
 * rows and events, and an auditor of the outcomes.
 */
public final class CollectorFixture implements AutoCloseable {

    private final TestServers servers = new TestServers();
    private final EventCodec codec = new EventCodec();
    private final KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(
                    Map.of("bootstrap.servers", servers.bootstrapServers()),
                    new StringSerializer(),
                    new ByteArraySerializer());
    private final EventLogReader<OutcomeDecided> auditor =
            new EventLogReader<>(
                    servers.bootstrapServers(), Topic.OUTCOME_DECIDED, OutcomeDecided.class);
    private final TransactionRows rows = new TransactionRows(servers);
    private final ConfigurableApplicationContext service;

    private CollectorFixture(String... arguments) {
        service = start(servers, arguments);
    }

    /** A service that sweeps as it does in production. */
    public static CollectorFixture sweeping() {
        return new CollectorFixture(
                "--nod.response-collector.expiry.interval=50ms",
                "--nod.response-collector.recovery.interval=1s");
    }

    /** A service whose sweeps are called by the test alone. */
    public static CollectorFixture sweepingOnDemand(int batchSize) {
        return new CollectorFixture(
                "--nod.response-collector.expiry.interval=1m",
                "--nod.response-collector.expiry.batch-size=" + batchSize,
                "--nod.response-collector.recovery.interval=10m",
                "--nod.response-collector.recovery.batch-size=" + batchSize);
    }

    /** A service that keeps as little as it may, and prunes only when it is called. */
    public static CollectorFixture pruningOnDemand() {
        return new CollectorFixture(
                "--nod.response-collector.pruning.transactions=1d",
                "--nod.response-collector.pruning.interval=1d");
    }

    /** A service that prunes as it does in production, but more often. */
    public static CollectorFixture pruning() {
        return new CollectorFixture("--nod.response-collector.pruning.interval=100ms");
    }

    private static ConfigurableApplicationContext start(TestServers servers, String... arguments) {
        var all = new ArrayList<String>(List.of(arguments));
        servers.propertiesOf(Producer.RESPONSE_COLLECTOR)
                .forEach((name, value) -> all.add("--" + name + "=" + value));
        all.add("--server.port=0");
        return ApplicationStart.of(
                new SpringApplicationBuilder(ResponseCollectorApplication.class)
                        .properties("spring.config.name=response-collector")
                        .initializers(new OwnEventLoops()),
                all.toArray(String[]::new));
    }

    /** A part of the running service. */
    public <T> T part(Class<T> type) {
        return service.getBean(type);
    }

    /** The port of the management endpoints. */
    public int port() {
        return service.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** The gateway's table. */
    public TransactionRows rows() {
        return rows;
    }

    /** Where the records are that could not be processed. */
    public <E extends Event> EventLogReader<E> deadLetters(Topic topic, Class<E> type) {
        return new EventLogReader<>(
                servers.bootstrapServers(), topic.deadLetterTopicName("response-collector"), type);
    }

    /** Who reads the outcomes. */
    public EventLogReader<OutcomeDecided> auditor() {
        return auditor;
    }

    /** Writes an event as the gateway does, and says under which trace. */
    public Traceparent publish(Event event) {
        var envelope = new Envelope<>(UUID.randomUUID(), Instant.EPOCH, Traceparent.start(), event);
        publish(envelope);
        return envelope.trace();
    }

    /** Writes this very event, maybe once more. */
    public void publish(Envelope<?> envelope) {
        producer.send(codec.encode(envelope));
        producer.flush();
    }

    /** Waits until the collector has done, and committed, all that was published. */
    public void awaitWorkedThrough() {
        try (var admin =
                Admin.create(Map.of("bootstrap.servers", (Object) servers.bootstrapServers()))) {
            await().atMost(Duration.ofSeconds(20)).until(() -> isWorkedThrough(admin));
        }
    }

    private static boolean isWorkedThrough(Admin admin) throws Exception {
        var topics = List.of(Topic.RESPONSE_RECEIVED, Topic.TRANSACTION_WITHDRAWN);
        var names = topics.stream().map(Topic::topicName).toList();
        var descriptions = admin.describeTopics(names).allTopicNames().get();
        var latest = new HashMap<TopicPartition, OffsetSpec>();
        descriptions.forEach(
                (name, description) ->
                        description
                                .partitions()
                                .forEach(
                                        partition ->
                                                latest.put(
                                                        new TopicPartition(
                                                                name, partition.partition()),
                                                        OffsetSpec.latest())));
        var committed =
                admin.listConsumerGroupOffsets("response-collector")
                        .partitionsToOffsetAndMetadata()
                        .get();
        return admin.listOffsets(latest).all().get().entrySet().stream()
                .allMatch(
                        end -> {
                            var offset = committed.get(end.getKey());
                            return end.getValue().offset()
                                    == (offset == null ? 0 : offset.offset());
                        });
    }

    @Override
    public void close() {
        service.close();
        producer.close();
        auditor.close();
    }
}
