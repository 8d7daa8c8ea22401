package nod.messaging.contract;

import static org.assertj.core.api.Assertions.assertThat;

import nod.messaging.Samples;
import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.messaging.event.Traceparent;
import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.Topic;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Holds the AsyncAPI document against the topics as the code knows them. */
class AsyncApiTest {

    private final JsonNode document = Contracts.asyncApi();

    @Test
    void isOfVersionThree() {
        assertThat(document.get("asyncapi").stringValue()).isEqualTo("3.0.0");
    }

    @Test
    void namesExactlyTheTopicsAndTheDeadLettersOfTheirGroups() {
        var expected = new HashSet<String>();
        for (var topic : Topic.values()) {
            expected.add(topic.topicName());
            groupsOf(topic).forEach(group -> expected.add(topic.deadLetterTopicName(group)));
        }

        assertThat(addresses()).containsExactlyInAnyOrderElementsOf(expected);
    }

    @ParameterizedTest
    @EnumSource(ConsumerGroup.class)
    void saysWhatAGroupReads(ConsumerGroup group) {
        assertThat(Topic.values())
                .filteredOn(topic -> groupsOf(topic).contains(group.groupName()))
                .containsExactlyInAnyOrderElementsOf(group.topics());
    }

    @Test
    void knowsNoGroupThatTheCodeDoesNot() {
        assertThat(Arrays.stream(Topic.values()).flatMap(topic -> groupsOf(topic).stream()))
                .isSubsetOf(
                        Arrays.stream(ConsumerGroup.values())
                                .map(ConsumerGroup::groupName)
                                .toList());
    }

    @Test
    void followsItsReferencesToSomething() {
        for (var reference : references(document)) {
            if (reference.startsWith("#/")) {
                assertThat(document.at(reference.substring(1)).isMissingNode())
                        .as(reference)
                        .isFalse();
            } else {
                assertThat(reference)
                        .isIn(Arrays.stream(Topic.values()).map(Contracts::schemaPath).toList());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void saysWhatTravelsOnATopic(Topic topic) {
        var message = message(topic);

        assertThat(message.get("name").stringValue()).isEqualTo(topic.topicName());
        assertThat(message.get("title").stringValue()).isEqualTo(topic.eventType().getSimpleName());
        assertThat(message.get("payload").get("$ref").stringValue())
                .isEqualTo(Contracts.schemaPath(topic));
        assertThat(message.at("/headers/allOf/1/properties/ce_type/const").stringValue())
                .isEqualTo(topic.topicName());
        assertThat(message.at("/headers/allOf/1/properties/ce_source/const").stringValue())
                .isEqualTo(topic.producer().source());
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void saysWhichFieldIsTheKey(Topic topic) {
        var event = Samples.of(topic);
        var written = JsonMapper.builder().build().readTree(new EventCodec().toJson(event));

        var field = message(topic).get("x-key").stringValue();

        assertThat(written.get(field).stringValue()).isEqualTo(event.key());
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void hasOneProducerATopic(Topic topic) {
        var producers =
                operations("send", topic.topicName())
                        .map(operation -> operation.at("/tags/0/name").stringValue())
                        .toList();

        assertThat(producers).containsExactly(topic.producer().serviceName());
    }

    @Test
    void saysHowLongTopicsAreKept() {
        for (var channel : document.get("channels").values()) {
            var address = channel.get("address").stringValue();
            var expected = address.endsWith("-dlt") ? Topic.DEAD_LETTER_RETENTION : Topic.RETENTION;
            var bindings = resolve(channel.get("bindings"));

            var kept = bindings.at("/kafka/topicConfiguration/retention.ms").longValue();

            assertThat(Duration.ofMillis(kept)).as(address).isEqualTo(expected);
        }
    }

    @Test
    void describesTheHeadersThatAreWritten() {
        var described =
                document.at("/components/schemas/CloudEventHeaders/properties").propertyNames();
        var written = new HashSet<String>();
        var envelope =
                new Envelope<>(
                        Samples.TX,
                        Samples.CREATED,
                        Traceparent.start(),
                        Samples.of(Topic.USER_LOCKED));
        new EventCodec().encode(envelope).headers().forEach(header -> written.add(header.key()));

        assertThat(described).containsExactlyInAnyOrderElementsOf(written);
    }

    @Test
    void usesEveryChannel() {
        var used =
                document.get("operations").values().stream()
                        .map(operation -> operation.at("/channel/$ref").stringValue())
                        .collect(Collectors.toSet());

        for (var channel : document.get("channels").propertyNames()) {
            assertThat(used).contains("#/channels/" + channel);
        }
    }

    private List<String> addresses() {
        return document.get("channels").values().stream()
                .map(channel -> channel.get("address").stringValue())
                .toList();
    }

    private Set<String> groupsOf(Topic topic) {
        return operations("receive", topic.topicName())
                .map(operation -> operation.at("/bindings/kafka/groupId/const"))
                .filter(group -> !group.isMissingNode())
                .map(JsonNode::stringValue)
                .collect(Collectors.toSet());
    }

    private Stream<JsonNode> operations(String action, String address) {
        return document.get("operations").values().stream()
                .filter(operation -> operation.get("action").stringValue().equals(action))
                .filter(
                        operation ->
                                resolve(operation.get("channel"))
                                        .get("address")
                                        .stringValue()
                                        .equals(address));
    }

    private JsonNode message(Topic topic) {
        var channel =
                document.get("channels").values().stream()
                        .filter(one -> one.get("address").stringValue().equals(topic.topicName()))
                        .findFirst()
                        .orElseThrow();
        return resolve(channel.get("messages").values().iterator().next());
    }

    private JsonNode resolve(JsonNode node) {
        var reference = node.get("$ref");
        return reference == null ? node : document.at(reference.stringValue().substring(1));
    }

    private static List<String> references(JsonNode node) {
        var found = new ArrayList<String>();
        for (Map.Entry<String, JsonNode> property : node.properties()) {
            if (property.getKey().equals("$ref")) {
                found.add(Objects.requireNonNull(property.getValue().stringValue()));
            } else {
                found.addAll(references(property.getValue()));
            }
        }
        if (node.isArray()) {
            node.values().forEach(one -> found.addAll(references(one)));
        }
        return found;
    }
}
