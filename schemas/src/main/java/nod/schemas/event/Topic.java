package nod.schemas.event;

import java.time.Duration;

/** The topics of the event log. A topic has exactly one producing service. */
public enum Topic {
    DEVICE_CHANGED("push.device.changed.v1", DeviceChanged.class, Producer.GATEWAY),
    TRANSACTION_STARTED("push.transaction.started.v1", TransactionStarted.class, Producer.GATEWAY),
    DELIVERY_REPORTED("push.delivery.reported.v1", DeliveryReported.class, Producer.DISPATCHER),
    RESPONSE_RECEIVED("push.response.received.v1", ResponseReceived.class, Producer.GATEWAY),
    TRANSACTION_WITHDRAWN(
            "push.transaction.withdrawn.v1", TransactionWithdrawn.class, Producer.GATEWAY),
    OUTCOME_DECIDED("push.outcome.decided.v1", OutcomeDecided.class, Producer.RESPONSE_COLLECTOR),
    USER_LOCKED("push.user.locked.v1", UserLocked.class, Producer.GATEWAY);

    /** How long a topic keeps its records: the design's 30 days. */
    public static final Duration RETENTION = Duration.ofDays(30);

    /** How long dead letters are kept: the design's 90 days. */
    public static final Duration DEAD_LETTER_RETENTION = Duration.ofDays(90);

    private final String topicName;
    private final Class<? extends Event> eventType;
    private final Producer producer;

    Topic(String topicName, Class<? extends Event> eventType, Producer producer) {
        this.topicName = topicName;
        this.eventType = eventType;
        this.producer = producer;
    }

    /**
     * The topic with this name on Kafka.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Topic named(String topicName) {
        for (var topic : values()) {
            if (topic.topicName.equals(topicName)) {
                return topic;
            }
        }
        throw new IllegalArgumentException(
                "no topic is named '" + topicName + "', expected one of push.*.v1");
    }

    /** The name on Kafka, which is also the CloudEvents {@code type} of its events. */
    public String topicName() {
        return topicName;
    }

    /** The record class of the events on this topic. */
    public Class<? extends Event> eventType() {
        return eventType;
    }

    /** The one service that writes to this topic. */
    public Producer producer() {
        return producer;
    }

    /** The name of the topic that keeps what {@code group} could not process of this topic. */
    public String deadLetterTopicName(String group) {
        return topicName + "." + group + "-dlt";
    }

    /** A service that writes to the event log. */
    public enum Producer {
        GATEWAY("gateway"),
        DISPATCHER("dispatcher"),
        RESPONSE_COLLECTOR("response-collector");

        private final String serviceName;

        Producer(String serviceName) {
            this.serviceName = serviceName;
        }

        /** The service's name, as in its folder, its metrics and its rows of the outbox. */
        public String serviceName() {
            return serviceName;
        }

        /** The CloudEvents {@code source} of its events. */
        public String source() {
            return "/nod/" + serviceName;
        }
    }
}
