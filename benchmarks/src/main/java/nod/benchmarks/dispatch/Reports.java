package nod.benchmarks.dispatch;

import nod.schemas.event.Topic;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.util.List;
import java.util.Map;

/** Counts the reports in Kafka, by the ends of their partitions. For one thread. */
final class Reports implements AutoCloseable {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final long atStart;

    Reports(String bootstrapServers) {
        consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        partitions =
                consumer.partitionsFor(Topic.DELIVERY_REPORTED.topicName()).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        atStart = ends();
    }

    /** How many were published since this was made. */
    long count() {
        return ends() - atStart;
    }

    private long ends() {
        return consumer.endOffsets(partitions).values().stream().mapToLong(end -> end).sum();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
