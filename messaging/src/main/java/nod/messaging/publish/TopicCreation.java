package nod.messaging.publish;

import nod.messaging.MessagingSettings;
import nod.messaging.consume.EventConsumer;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;

/** Creates the topics that are missing: all of the event log, and this service's dead letters. */
public final class TopicCreation {

    private final KafkaAdmin kafkaAdmin;
    private final MessagingSettings.Topics settings;
    private final ObjectProvider<EventConsumer<?>> consumers;

    public TopicCreation(
            KafkaAdmin kafkaAdmin,
            MessagingSettings.Topics settings,
            ObjectProvider<EventConsumer<?>> consumers) {
        this.kafkaAdmin = kafkaAdmin;
        this.settings = settings;
        this.consumers = consumers;
    }

    /**
     * Creates what is missing and leaves alone what exists.
     *
     * @throws org.apache.kafka.common.KafkaException or KafkaException of Spring when refused
     */
    void createMissing() {
        var topics = new ArrayList<NewTopic>();
        Arrays.stream(Topic.values())
                .map(topic -> topic(topic.topicName(), Topic.RETENTION))
                .forEach(topics::add);
        consumers.stream()
                .map(consumer -> topic(consumer.deadLetterTopic(), Topic.DEAD_LETTER_RETENTION))
                .forEach(topics::add);
        kafkaAdmin.createOrModifyTopics(topics.toArray(NewTopic[]::new));
    }

    private NewTopic topic(String name, Duration retention) {
        return TopicBuilder.name(name)
                .partitions(settings.partitions())
                .replicas(settings.replicas())
                .config(TopicConfig.RETENTION_MS_CONFIG, "" + retention.toMillis())
                .build();
    }
}
