package nod.messaging.testing;

import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.schemas.event.Event;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An auditor: reads a topic from its beginning, without a group, and waits for the events of a key.
 * Not thread-safe.
 */
public final class EventLogReader<E extends Event> implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(50);

    private final EventCodec codec = new EventCodec();
    private final Class<E> type;
    private final Consumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();

    /** Reads the topic whose events are of that type. */
    public EventLogReader(String bootstrapServers, Topic topic, Class<E> type) {
        this(bootstrapServers, topic.topicName(), type);
    }

    /** Reads any topic, for instance one of dead letters. */
    public EventLogReader(String bootstrapServers, String topicName, Class<E> type) {
        this(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers), topicName, type);
    }

    /** The same, with all that a client needs to get at Kafka. */
    public EventLogReader(Map<String, Object> client, String topicName, Class<E> type) {
        this.type = type;
        var configuration = new HashMap<>(client);
        configuration.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        this.consumer =
                new KafkaConsumer<>(
                        configuration, new StringDeserializer(), new ByteArrayDeserializer());
        var partitions = partitions(topicName);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** A topic may be made by the service that a test has just started. */
    private List<TopicPartition> partitions(String topicName) {
        var deadline = deadline();
        while (true) {
            var found = consumer.partitionsFor(topicName);
            if (!found.isEmpty()) {
                return found.stream()
                        .map(info -> new TopicPartition(topicName, info.partition()))
                        .toList();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "topic " + topicName + " did not appear within " + PATIENCE);
            }
        }
    }

    /** Waits for the first event of the key. */
    public Envelope<E> await(String key) {
        return await(key, 1).getFirst();
    }

    /** Waits for that many events of the key; gives all that have come, in order. */
    public List<Envelope<E>> await(String key, int count) {
        return awaitRecords(key, count).stream().map(this::decode).toList();
    }

    /** Waits for that many records of the key; gives all that have come, in order. */
    public List<ConsumerRecord<String, byte[]>> awaitRecords(String key, int count) {
        var deadline = deadline();
        while (recordsOf(key).size() < count) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "%d of %d records of key %s came within %s"
                                .formatted(recordsOf(key).size(), count, key, PATIENCE));
            }
            consumer.poll(POLL).forEach(records::add);
        }
        return recordsOf(key);
    }

    /** All events of the key that have been written until now, in order; may be none. */
    public List<Envelope<E>> untilNow(String key) {
        return recordsUntilNow(key).stream().map(this::decode).toList();
    }

    /** All records of the key that have been written until now, in order; may be none. */
    public List<ConsumerRecord<String, byte[]>> recordsUntilNow(String key) {
        var ends = consumer.endOffsets(consumer.assignment());
        var deadline = deadline();
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the end was not reached within " + PATIENCE);
            }
            consumer.poll(POLL).forEach(records::add);
        }
        return recordsOf(key);
    }

    private List<ConsumerRecord<String, byte[]>> recordsOf(String key) {
        return records.stream().filter(record -> key.equals(record.key())).toList();
    }

    private Envelope<E> decode(ConsumerRecord<String, byte[]> record) {
        return codec.decode(record, type);
    }

    private static long deadline() {
        return System.nanoTime() + PATIENCE.toNanos();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
