package nod.standalone.faults;

import nod.schemas.event.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Writes the latest records of every topic once more, shuffled. */
final class Repeats {

    private static final int LATEST = 60;

    private final Map<String, Object> kafka;
    private final Random random;

    Repeats(String bootstrapServers, Random random) {
        this.kafka = Map.of("bootstrap.servers", bootstrapServers, "acks", "all");
        this.random = random;
    }

    /** Writes a record that is no event to a topic that is read. */
    static void writeUnreadable(String bootstrapServers) {
        try (var producer =
                new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", bootstrapServers),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            producer.send(
                    new ProducerRecord<>(
                            Topic.RESPONSE_RECEIVED.topicName(), "nobody", new byte[] {1, 2, 3}));
        }
    }

    void write() {
        var records = latest();
        Collections.shuffle(records, random);
        try (var producer =
                new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer())) {
            records.forEach(
                    record ->
                            producer.send(
                                    new ProducerRecord<>(
                                            record.topic(),
                                            record.partition(),
                                            record.key(),
                                            record.value(),
                                            record.headers())));
        }
    }

    private List<ConsumerRecord<String, byte[]>> latest() {
        var settings = new HashMap<>(kafka);
        settings.remove("acks");
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        try (var consumer =
                new KafkaConsumer<>(
                        settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            var partitions =
                    Arrays.stream(Topic.values())
                            .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            var ends = consumer.endOffsets(partitions);
            ends.forEach((partition, end) -> consumer.seek(partition, Math.max(0, end - LATEST)));
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
