package nod.standalone.faults;

import nod.schemas.event.Topic;

import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A member of the services' groups that takes partitions, reads and does nothing, and leaves
 * without a commit: whatever it was given has to be done by the others.
 */
final class Stranger {

    private final String bootstrapServers;
    private final List<KafkaConsumer<String, byte[]>> consumers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    Stranger(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    void join() {
        Stream.of(
                        new Membership(Topic.TRANSACTION_STARTED, "dispatcher"),
                        new Membership(Topic.RESPONSE_RECEIVED, "response-collector"),
                        new Membership(Topic.DELIVERY_REPORTED, "gateway"))
                .forEach(this::join);
    }

    private record Membership(Topic topic, String group) {}

    private void join(Membership membership) {
        var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "group.id",
                                membership.group(),
                                "enable.auto.commit",
                                "false"),
                        new StringDeserializer(),
                        new ByteArrayDeserializer());
        consumers.add(consumer);
        threads.add(
                Thread.ofPlatform()
                        .name("stranger-" + membership.group())
                        .start(() -> read(consumer, membership)));
    }

    private static void read(KafkaConsumer<String, byte[]> consumer, Membership membership) {
        try (consumer) {
            consumer.subscribe(List.of(membership.topic().topicName()));
            while (true) {
                consumer.poll(Duration.ofMillis(100));
            }
        } catch (WakeupException left) {
            // Closed by the way out.
        }
    }

    void leave() throws InterruptedException {
        consumers.forEach(KafkaConsumer::wakeup);
        for (var thread : threads) {
            thread.join();
        }
        consumers.clear();
        threads.clear();
    }
}
