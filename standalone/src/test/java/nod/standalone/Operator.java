package nod.standalone;

import nod.messaging.testing.EventLogReader;
import nod.schemas.event.Event;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/** Looks at Kafka with its own tools. */
public final class Operator {

    private final String bootstrapServers;

    public Operator(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** The topics that exist. */
    public Set<String> topics() {
        try (var admin = admin()) {
            return admin.listTopics().names().get();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError("no topics were told", e);
        }
    }

    /** How many dead letters were ever written. */
    public long deadLetters() {
        try (var admin = admin()) {
            var topics =
                    topics().stream()
                            .filter(name -> name.endsWith("-dlt"))
                            .collect(Collectors.toSet());
            var ends =
                    admin.describeTopics(topics).allTopicNames().get().values().stream()
                            .flatMap(
                                    topic ->
                                            topic.partitions().stream()
                                                    .map(
                                                            one ->
                                                                    new TopicPartition(
                                                                            topic.name(),
                                                                            one.partition())))
                            .collect(Collectors.toMap(at -> at, _ -> OffsetSpec.latest()));
            return admin.listOffsets(ends).all().get().values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError("no offsets were told", e);
        }
    }

    /**
     * Has the first event of the key read once more, as after a group's offsets were set back; as a
     * producer that nobody knows, and in every partition.
     */
    public <E extends Event> void repeats(Topic topic, Class<E> type, String key) {
        try (var reader = new EventLogReader<>(bootstrapServers, topic, type);
                var producer =
                        new KafkaProducer<>(
                                Map.of("bootstrap.servers", bootstrapServers),
                                new StringSerializer(),
                                new ByteArraySerializer())) {
            var record = reader.awaitRecords(key, 1).getFirst();
            for (var partition : producer.partitionsFor(topic.topicName())) {
                producer.send(
                        new ProducerRecord<>(
                                record.topic(),
                                partition.partition(),
                                key,
                                record.value(),
                                record.headers()));
            }
        }
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", (Object) bootstrapServers));
    }
}
