package nod.messaging;

import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.messaging.event.Traceparent;
import nod.messaging.outbox.OutboxConfiguration;
import nod.messaging.testing.ApplicationStart;
import nod.messaging.testing.TestServers;
import nod.schemas.event.Event;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** A service that has nothing but its messaging, and the means to look at the log from outside. */
public final class MessagingFixture implements AutoCloseable {

    private final TestServers servers = new TestServers();
    private final EventCodec codec = new EventCodec();
    private final Admin admin =
            Admin.create(Map.of("bootstrap.servers", (Object) servers.bootstrapServers()));
    private final KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(
                    Map.of("bootstrap.servers", servers.bootstrapServers()),
                    new StringSerializer(),
                    new ByteArraySerializer());
    private final ConfigurableApplicationContext service;

    /** Starts a service with these settings beside the usual ones. */
    public MessagingFixture(String... settings) {
        var arguments = new ArrayList<String>();
        servers.properties().forEach((name, value) -> arguments.add("--" + name + "=" + value));
        arguments.addAll(List.of(settings));
        service =
                ApplicationStart.of(
                        new SpringApplicationBuilder(Service.class)
                                .web(WebApplicationType.NONE)
                                .properties("spring.main.banner-mode=off"),
                        arguments.toArray(String[]::new));
    }

    /** Where the servers are. */
    public TestServers servers() {
        return servers;
    }

    /** A part of the service. */
    public <T> T part(Class<T> type) {
        return service.getBean(type);
    }

    /** Looks at the cluster from outside. */
    public Admin admin() {
        return admin;
    }

    /** A group that has read everything until now, with its topic of dead letters. */
    public String freshGroup(Topic topic) throws Exception {
        var group = "group-" + UUID.randomUUID();
        admin.createTopics(List.of(new NewTopic(topic.deadLetterTopicName(group), 1, (short) 1)))
                .all()
                .get();
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        ends(topic).forEach((at, end) -> offsets.put(at, new OffsetAndMetadata(end)));
        admin.alterConsumerGroupOffsets(group, offsets).all().get();
        return group;
    }

    private Map<TopicPartition, Long> ends(Topic topic) throws Exception {
        var description =
                admin.describeTopics(List.of(topic.topicName()))
                        .allTopicNames()
                        .get()
                        .get(topic.topicName());
        var latest = new HashMap<TopicPartition, OffsetSpec>();
        Objects.requireNonNull(description)
                .partitions()
                .forEach(
                        one ->
                                latest.put(
                                        new TopicPartition(topic.topicName(), one.partition()),
                                        OffsetSpec.latest()));
        var ends = new HashMap<TopicPartition, Long>();
        admin.listOffsets(latest).all().get().forEach((at, end) -> ends.put(at, end.offset()));
        return ends;
    }

    /** What the group would read next of that partition. */
    public long committed(String group, RecordMetadata record) throws Exception {
        var offset =
                admin.listConsumerGroupOffsets(group)
                        .partitionsToOffsetAndMetadata()
                        .get()
                        .get(new TopicPartition(record.topic(), record.partition()));
        return offset == null ? 0 : offset.offset();
    }

    /** Waits until the group has committed everything up to and including the record. */
    public void awaitCommitted(String group, RecordMetadata record) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> committed(group, record) == record.offset() + 1);
    }

    /** Writes an event, as some service would. */
    public RecordMetadata write(Event event) throws Exception {
        var envelope = new Envelope<>(UUID.randomUUID(), Instant.EPOCH, Traceparent.start(), event);
        return write(codec.encode(envelope));
    }

    /** Writes any record. */
    public RecordMetadata write(ProducerRecord<String, byte[]> record) throws Exception {
        return producer.send(record).get();
    }

    @Override
    public void close() {
        service.close();
        producer.close();
        admin.close();
    }

    /** Messaging, and nothing else. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({MessagingConfiguration.class, OutboxConfiguration.class})
    static class Service {

        @Bean
        Topic.Producer producer() {
            return Topic.Producer.GATEWAY;
        }

        @Bean
        MeterRegistry meterRegistry() {
            return new SimpleMeterRegistry();
        }
    }
}
