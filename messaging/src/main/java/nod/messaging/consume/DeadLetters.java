package nod.messaging.consume;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import nod.messaging.event.UndecodableEventException;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer.HeaderNames.HeadersToAdd;

import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * Keeps records that could not be processed in {@code <topic>.<group>-dlt}, unchanged, with headers
 * that say why. Each one counts in a metric and is a line in the log. Thread-safe.
 */
final class DeadLetters {

    static final String COUNT = "nod.dead.letters";

    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

    private final ProducerFactory<String, byte[]> producers;
    private final MeterRegistry metrics;

    DeadLetters(ProducerFactory<String, byte[]> producers, MeterRegistry metrics) {
        this.producers = producers;
        this.metrics = metrics;
    }

    /** Why a record became one. */
    enum Reason {
        UNDECODABLE,
        FAILED;

        static Reason of(Exception why) {
            return why instanceof UndecodableEventException ? UNDECODABLE : FAILED;
        }
    }

    /** Counts them from zero on, so that the first one is an increase. */
    void expect(Topic topic, String group) {
        for (var reason : Reason.values()) {
            counter(topic, group, reason);
        }
    }

    /**
     * Writes one dead letter.
     *
     * @return fails when Kafka did not acknowledge it: the record is not to be committed then
     */
    CompletableFuture<Void> add(
            Topic topic, String group, ConsumerRecord<String, byte[]> record, Exception why) {
        var acknowledged = new CompletableFuture<Void>();
        Thread.ofVirtual()
                .name("dead-letter")
                .start(() -> write(topic, group, record, why, acknowledged));
        return acknowledged;
    }

    private void write(
            Topic topic,
            String group,
            ConsumerRecord<String, byte[]> record,
            Exception why,
            CompletableFuture<Void> acknowledged) {
        try {
            recoverer(topic.deadLetterTopicName(group)).accept(record, why);
            report(topic, group, record, why);
            acknowledged.complete(null);
        } catch (RuntimeException failure) {
            acknowledged.completeExceptionally(failure);
        }
    }

    private DeadLetterPublishingRecoverer recoverer(String deadLetterTopic) {
        var recoverer =
                new DeadLetterPublishingRecoverer(
                        new KafkaTemplate<>(producers),
                        // Partition -1 leaves the choice to the key, as on the topic itself.
                        (_, _) -> new TopicPartition(deadLetterTopic, -1));
        recoverer.setFailIfSendResultIsError(true);
        // It is long, and stands in the log.
        recoverer.excludeHeader(HeadersToAdd.EX_STACKTRACE);
        return recoverer;
    }

    private Counter counter(Topic topic, String group, Reason reason) {
        return Counter.builder(COUNT)
                .description("Records that could not be processed")
                .tag("topic", topic.topicName())
                .tag("group", group)
                .tag("reason", reason.name().toLowerCase(Locale.ROOT))
                .register(metrics);
    }

    private void report(
            Topic topic, String group, ConsumerRecord<String, byte[]> record, Exception why) {
        counter(topic, group, Reason.of(why)).increment();
        log.error(
                "Dead letter: {} partition {} offset {} key {} could not be processed by {}",
                topic.topicName(),
                record.partition(),
                record.offset(),
                record.key() == null ? null : Printable.text(record.key()),
                group,
                why);
    }
}
