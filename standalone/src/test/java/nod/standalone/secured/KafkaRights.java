package nod.standalone.secured;

import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.Topic;
import nod.schemas.event.Topic.Producer;

import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What somebody needs of Kafka, as the topics, the groups and the AsyncAPI document say it. The
 * pages tell it to operators, and the tests grant it and nothing else.
 *
 * @param principal the name at Kafka
 * @param reads topics
 * @param writes topics
 * @param groups those that it is a member of
 */
public record KafkaRights(
        String principal, Set<String> reads, Set<String> writes, Set<String> groups) {

    /** What all topics begin with, those of dead letters as well. */
    public static final String PREFIX = "push.";

    /** Of all topics, to look whether they are there and keep their records. */
    public static final List<AclOperation> LOOKS = List.of(DESCRIBE, DESCRIBE_CONFIGS);

    /** Those of a service. */
    public static KafkaRights of(Producer service) {
        var groups = ConsumerGroup.of(service);
        return new KafkaRights(
                principal(service.serviceName()),
                sorted(received(service)),
                sorted(Stream.concat(produced(service), deadLetters(groups))),
                sorted(groups.stream().map(ConsumerGroup::groupName)));
    }

    /** Those of who lists, replays and dismisses the dead letters of all services. */
    public static KafkaRights ofWhoAdministersDeadLetters() {
        var groups = List.of(ConsumerGroup.values());
        var read = groups.stream().flatMap(group -> group.topics().stream()).map(Topic::topicName);
        return new KafkaRights(
                principal("dead-letters"),
                sorted(deadLetters(groups)),
                sorted(Stream.concat(read, deadLetters(groups))),
                Set.of());
    }

    /** Those of who reads the event log, and assigns the partitions to itself. */
    public static KafkaRights ofAuditors() {
        return new KafkaRights(
                principal("auditor"),
                sorted(Arrays.stream(Topic.values()).map(Topic::topicName)),
                Set.of(),
                Set.of());
    }

    /** Those of everybody, in the order in which the pages tell them. */
    public static List<KafkaRights> all() {
        return Stream.concat(
                        Arrays.stream(Producer.values()).map(KafkaRights::of),
                        Stream.of(ofWhoAdministersDeadLetters(), ofAuditors()))
                .toList();
    }

    /** All topics that there have to be. */
    public static Set<String> topics() {
        return sorted(
                Stream.concat(
                        Arrays.stream(Topic.values()).map(Topic::topicName),
                        deadLetters(List.of(ConsumerGroup.values()))));
    }

    private static String principal(String name) {
        return "nod-" + name;
    }

    private static Stream<String> produced(Producer service) {
        return Arrays.stream(Topic.values())
                .filter(topic -> topic.producer() == service)
                .map(Topic::topicName);
    }

    private static Stream<String> deadLetters(Collection<ConsumerGroup> groups) {
        return groups.stream()
                .flatMap(
                        group ->
                                group.topics().stream()
                                        .map(
                                                topic ->
                                                        topic.deadLetterTopicName(
                                                                group.groupName())));
    }

    /** In a group or without: the document alone knows the readers without a group. */
    private static Stream<String> received(Producer service) {
        var document = asyncApi();
        return document.get("operations").values().stream()
                .filter(operation -> operation.get("action").stringValue().equals("receive"))
                .filter(operation -> isOf(service, operation))
                .map(operation -> operation.at("/channel/$ref").stringValue().substring(1))
                .map(channel -> document.at(channel).get("address").stringValue());
    }

    private static boolean isOf(Producer service, JsonNode operation) {
        return operation.at("/tags/0/name").stringValue().equals(service.serviceName());
    }

    private static JsonNode asyncApi() {
        var path = "/nod/schemas/asyncapi.yaml";
        return YAMLMapper.builder()
                .build()
                .readTree(Objects.requireNonNull(Topic.class.getResourceAsStream(path), path));
    }

    private static Set<String> sorted(Stream<String> names) {
        return names.collect(Collectors.toCollection(TreeSet::new));
    }

    /** These rights as Kafka keeps them. */
    Set<AclBinding> acls() {
        return Stream.of(
                        reads.stream().map(topic -> acl(topic, READ)),
                        writes.stream().map(topic -> acl(topic, WRITE)),
                        groups.stream().map(this::member),
                        LOOKS.stream().map(this::onAllTopics))
                .flatMap(acls -> acls)
                .collect(Collectors.toSet());
    }

    private AclBinding acl(String topic, AclOperation operation) {
        return acl(ResourceType.TOPIC, topic, PatternType.LITERAL, operation);
    }

    private AclBinding member(String group) {
        return acl(ResourceType.GROUP, group, PatternType.LITERAL, READ);
    }

    /** The right to do that with whatever topic of ours. */
    AclBinding onAllTopics(AclOperation operation) {
        return acl(ResourceType.TOPIC, PREFIX, PatternType.PREFIXED, operation);
    }

    private AclBinding acl(
            ResourceType type, String name, PatternType pattern, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry(
                        "User:" + principal, "*", operation, AclPermissionType.ALLOW));
    }
}
