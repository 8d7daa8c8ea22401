package nod.standalone.demo;

import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.schemas.event.Event;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Reads the whole event log from where it ended when this was made. For one thread. */
final class EventTail implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(100);

    private final EventCodec codec = new EventCodec();
    private final KafkaConsumer<String, byte[]> consumer;
    private final Deque<Envelope<? extends Event>> read = new ArrayDeque<>();

    EventTail(String bootstrapServers) {
        consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "client.id",
                                "demo",
                                "allow.auto.create.topics",
                                false),
                        new StringDeserializer(),
                        new ByteArrayDeserializer());
        consumer.assign(partitions());
        consumer.seekToEnd(consumer.assignment());
        // Seeking is lazy: asking for the positions makes it happen now.
        consumer.assignment().forEach(consumer::position);
    }

    /**
     * Hands on every event, in the order of its arrival, up to the first of {@code topic} with
     * {@code key}.
     */
    void until(Topic topic, String key, Consumer<Envelope<? extends Event>> reader) {
        for (var polls = PATIENCE.dividedBy(POLL); polls > 0; polls--) {
            while (!read.isEmpty()) {
                var envelope = read.removeFirst();
                reader.accept(envelope);
                if (envelope.event().topic() == topic && envelope.event().key().equals(key)) {
                    return;
                }
            }
            poll();
        }
        throw new IllegalStateException(
                "No event with key %s came on %s within %d s"
                        .formatted(key, topic.topicName(), PATIENCE.toSeconds()));
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void poll() {
        for (var record : consumer.poll(POLL)) {
            var topic = Topic.named(record.topic());
            read.addLast(codec.decode(record, topic.eventType()));
        }
    }

    private List<TopicPartition> partitions() {
        return Arrays.stream(Topic.values())
                .flatMap(topic -> consumer.partitionsFor(topic.topicName()).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
    }
}
