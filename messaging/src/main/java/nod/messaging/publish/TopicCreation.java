package nod.messaging.publish;

import nod.messaging.MessagingSettings;
import nod.messaging.consume.EventConsumer;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.kafka.config.TopicBuilder;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Creates the topics that are missing: all of the event log, and this service's dead letters. */
public final class TopicCreation {

    private static final int TIMEOUT_MILLIS = 5_000;

    private final MessagingSettings.Topics settings;
    private final ObjectProvider<EventConsumer<?>> consumers;

    public TopicCreation(
            MessagingSettings.Topics settings, ObjectProvider<EventConsumer<?>> consumers) {
        this.settings = settings;
        this.consumers = consumers;
    }

    /**
     * Creates what is missing and leaves alone what exists: more partitions would give keys to
     * other partitions, where their order is lost.
     *
     * @throws ExecutionException when Kafka refused, or did not answer
     */
    void createMissing(Admin admin) throws ExecutionException, InterruptedException {
        var existing =
                admin.listTopics(new ListTopicsOptions().timeoutMs(TIMEOUT_MILLIS)).names().get();
        var missing = wanted().filter(topic -> !existing.contains(topic.name())).toList();
        var results =
                admin.createTopics(missing, new CreateTopicsOptions().timeoutMs(TIMEOUT_MILLIS));
        for (var result : results.values().values()) {
            await(result);
        }
    }

    /** Another instance may have been faster. */
    private static void await(KafkaFuture<Void> creation)
            throws ExecutionException, InterruptedException {
        try {
            creation.get();
        } catch (ExecutionException refused) {
            if (!(refused.getCause() instanceof TopicExistsException)) {
                throw refused;
            }
        }
    }

    private Stream<NewTopic> wanted() {
        var events =
                Arrays.stream(Topic.values())
                        .map(topic -> topic(topic.topicName(), Topic.RETENTION));
        var deadLetters =
                consumers.stream()
                        .map(
                                consumer ->
                                        topic(
                                                consumer.deadLetterTopic(),
                                                Topic.DEAD_LETTER_RETENTION));
        return Stream.concat(events, deadLetters);
    }

    private NewTopic topic(String name, Duration retention) {
        return TopicBuilder.name(name)
                .partitions(settings.partitions())
                .replicas(settings.replicas())
                .config(TopicConfig.RETENTION_MS_CONFIG, "" + retention.toMillis())
                .build();
    }
}
