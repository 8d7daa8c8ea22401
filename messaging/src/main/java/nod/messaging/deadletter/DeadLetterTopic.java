package nod.messaging.deadletter;

import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.Topic;

import java.util.List;
import java.util.stream.Stream;

/**
 * Where a group keeps what it could not process of a topic.
 *
 * @param topic what the group reads
 * @param group the group's id
 */
record DeadLetterTopic(Topic topic, String group) {

    /** Those of all groups of a service. */
    static List<DeadLetterTopic> of(Topic.Producer service) {
        return ConsumerGroup.of(service).stream().flatMap(DeadLetterTopic::of).toList();
    }

    private static Stream<DeadLetterTopic> of(ConsumerGroup group) {
        return group.topics().stream().map(topic -> new DeadLetterTopic(topic, group.groupName()));
    }

    /** Its name on Kafka. */
    String name() {
        return topic.deadLetterTopicName(group);
    }
}
