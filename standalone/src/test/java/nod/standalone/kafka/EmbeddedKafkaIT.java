package nod.standalone.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import nod.standalone.host.ChildJvm;
import nod.standalone.host.Port;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

class EmbeddedKafkaIT {
    private static final String TOPIC = "kept";

    private final Path folder;

    EmbeddedKafkaIT(@TempDir Path folder) {
        this.folder = folder;
    }

    /** Runs a broker until it is killed. */
    static final class Host {
        public static void main(String[] arguments) throws Exception {
            var kafka = new EmbeddedKafka(Path.of(arguments[0]), Integer.parseInt(arguments[1]));
            kafka.start();
            createTopic(kafka);
            send(kafka, "acknowledged before the kill");
            ChildJvm.stayUntilParentDies();
        }
    }

    @Test
    void keepsRecordsOverAStopAndAStartOnTheSameAddress() throws Exception {
        try (var kafka = new EmbeddedKafka(folder, Port.anyFree())) {
            kafka.start();
            createTopic(kafka);
            send(kafka, "one");
            kafka.stop();
            kafka.start();
            send(kafka, "two");

            assertThat(records(kafka)).containsExactly("one", "two");
        }
    }

    @Test
    void keepsRecordsWhenItsProcessIsKilled() throws Exception {
        var port = Port.anyFree();
        try (var host = ChildJvm.start(Host.class, folder, port)) {
            host.awaitLine(ChildJvm.READY);
            host.kill();
        }

        try (var kafka = new EmbeddedKafka(folder, port)) {
            kafka.start();

            assertThat(records(kafka)).containsExactly("acknowledged before the kill");
        }
    }

    @Test
    void doesNotInventTopics() throws Exception {
        try (var kafka = new EmbeddedKafka(folder, Port.anyFree())) {
            kafka.start();
            try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                assertThat(admin.listTopics().names().get(10, TimeUnit.SECONDS)).isEmpty();
            }
        }
    }

    private static void createTopic(EmbeddedKafka kafka) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
                    .all()
                    .get(10, TimeUnit.SECONDS);
        }
    }

    private static void send(EmbeddedKafka kafka, String value) throws Exception {
        try (var producer =
                new KafkaProducer<>(
                        Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC, value)).get(10, TimeUnit.SECONDS);
        }
    }

    private static List<String> records(EmbeddedKafka kafka) {
        try (var consumer =
                new KafkaConsumer<>(
                        Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            var partition = new TopicPartition(TOPIC, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            var values = new ArrayList<String>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
            }
            return values;
        }
    }
}
