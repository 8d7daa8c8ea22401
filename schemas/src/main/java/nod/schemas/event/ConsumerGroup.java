package nod.schemas.event;

import java.util.Arrays;
import java.util.List;

/** The groups in which the services read the event log, each with dead letters of its own. */
public enum ConsumerGroup {
    GATEWAY("gateway", Topic.Producer.GATEWAY, Topic.DELIVERY_REPORTED),

    /** Of its own: what a held user makes wait are pauses, not reports. */
    GATEWAY_PAUSES("gateway-pauses", Topic.Producer.GATEWAY, Topic.OUTCOME_DECIDED),
    DISPATCHER("dispatcher", Topic.Producer.DISPATCHER, Topic.TRANSACTION_STARTED),

    /** Of its own: notices are not to rebalance the logins' pushes, nor to hold them up. */
    DISPATCHER_NOTICES("dispatcher-notices", Topic.Producer.DISPATCHER, Topic.DEVICE_CHANGED),
    RESPONSE_COLLECTOR(
            "response-collector",
            Topic.Producer.RESPONSE_COLLECTOR,
            Topic.RESPONSE_RECEIVED,
            Topic.TRANSACTION_WITHDRAWN),

    /** Of its own: what is told to others is not to hold up the decisions. */
    RESPONSE_COLLECTOR_WEBHOOKS(
            "response-collector-webhooks",
            Topic.Producer.RESPONSE_COLLECTOR,
            Topic.OUTCOME_DECIDED),

    /** Of its own: webhooks and authentik are not to wait for each other. */
    RESPONSE_COLLECTOR_AUTHENTIK(
            "response-collector-authentik",
            Topic.Producer.RESPONSE_COLLECTOR,
            Topic.OUTCOME_DECIDED);

    private final String groupName;
    private final Topic.Producer service;
    private final List<Topic> topics;

    ConsumerGroup(String groupName, Topic.Producer service, Topic... topics) {
        this.groupName = groupName;
        this.service = service;
        this.topics = List.of(topics);
    }

    /** The groups of that service. */
    public static List<ConsumerGroup> of(Topic.Producer service) {
        return Arrays.stream(values()).filter(group -> group.service == service).toList();
    }

    /** The group's id on Kafka. */
    public String groupName() {
        return groupName;
    }

    /** What the group reads. */
    public List<Topic> topics() {
        return topics;
    }
}
