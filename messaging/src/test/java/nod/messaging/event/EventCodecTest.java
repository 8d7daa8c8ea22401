package nod.messaging.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import nod.messaging.Samples;
import nod.schemas.event.DeliveryReported;
import nod.schemas.event.Event;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.Topic;
import nod.schemas.event.TransactionWithdrawn;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

class EventCodecTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final UUID ID = UUID.fromString("0f9a1c2e-0000-4000-8000-00000000000e");
    private static final Instant TIME = Instant.parse("2026-03-01T12:00:00.654321Z");
    private static final Traceparent TRACE =
            new Traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    private final EventCodec codec = new EventCodec();
    private final JsonMapper json = JsonMapper.builder().build();

    @ParameterizedTest
    @EnumSource(Topic.class)
    void writesTheGoldenJson(Topic topic) throws IOException {
        var record = codec.encode(envelope(Samples.of(topic)));

        assertThat(json.readTree(record.value())).isEqualTo(json.readTree(golden(topic)));
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void writesTheHeadersOfACloudEvent(Topic topic) {
        var event = Samples.of(topic);

        var record = codec.encode(envelope(event));

        assertThat(record.topic()).isEqualTo(topic.topicName());
        assertThat(record.key()).isEqualTo(event.key());
        assertThat(headers(record))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "ce_specversion", "1.0",
                                "ce_id", ID.toString(),
                                "ce_source", topic.producer().source(),
                                "ce_type", topic.topicName(),
                                "ce_subject", event.key(),
                                "ce_time", "2026-03-01T12:00:00.654321Z",
                                "ce_traceparent", TRACE.value(),
                                "content-type", "application/json"));
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void readsBackEverythingThatItWrites(Topic topic) {
        for (var event : Samples.edgesOf(topic)) {
            var envelope = envelope(event);

            assertThat(codec.decode(received(codec.encode(envelope)), topic.eventType()))
                    .isEqualTo(envelope);
            assertThat(codec.fromJson(topic, codec.toJson(event))).isEqualTo(event);
        }
    }

    @ParameterizedTest
    @MethodSource("goldenFiles")
    void stillReadsEveryGoldenFile(Path file) throws IOException {
        var topic = topicOf(file);

        var decoded = codec.decode(record(topic, Files.readAllBytes(file)), topic.eventType());

        assertThat(decoded.event().topic()).isEqualTo(topic);
    }

    /** {@code <topic>.json} and, once there is an older form, {@code <topic>.<what>.json}. */
    static Stream<Path> goldenFiles() throws IOException {
        try (var files = Files.list(GOLDEN)) {
            return files.sorted().toList().stream();
        }
    }

    private static Topic topicOf(Path file) {
        var name = file.getFileName().toString();
        return Stream.of(Topic.values())
                .filter(topic -> name.startsWith(topic.topicName() + "."))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is named after no topic"));
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void skipsFieldsThatALaterVersionAdds(Topic topic) throws IOException {
        var later = json.readTree(golden(topic));
        addFieldEverywhere(later);

        var decoded = codec.decode(record(topic, json.writeValueAsBytes(later)), topic.eventType());

        assertThat(decoded.event()).isEqualTo(Samples.of(topic));
    }

    private static void addFieldEverywhere(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.values().forEach(EventCodecTest::addFieldEverywhere);
            object.putObject("added_later").put("by", "a newer version");
        } else if (node instanceof ArrayNode array) {
            array.values().forEach(EventCodecTest::addFieldEverywhere);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tx_id", "device", "answer", "at", "late"})
    void refusesAnEventWithoutARequiredField(String field) throws IOException {
        var incomplete = (ObjectNode) json.readTree(golden(Topic.RESPONSE_RECEIVED));
        incomplete.remove(field);

        assertUndecodable(
                record(Topic.RESPONSE_RECEIVED, json.writeValueAsBytes(incomplete)),
                ResponseReceived.class);

        incomplete.putNull(field);
        assertUndecodable(
                record(Topic.RESPONSE_RECEIVED, json.writeValueAsBytes(incomplete)),
                ResponseReceived.class);
    }

    @Test
    void refusesAnEventWhoseActorIsIncompleteAndNamesThePath() throws IOException {
        var incomplete = (ObjectNode) json.readTree(golden(Topic.TRANSACTION_WITHDRAWN));
        ((ObjectNode) incomplete.get("by")).remove("id");

        assertThatThrownBy(
                        () ->
                                codec.decode(
                                        record(
                                                Topic.TRANSACTION_WITHDRAWN,
                                                json.writeValueAsBytes(incomplete)),
                                        TransactionWithdrawn.class))
                .isInstanceOf(UndecodableEventException.class)
                .hasMessage("data: expected a value of by.id");
    }

    @Test
    void acceptsAnEventWhoseOptionalFieldsAreNullOrAbsent() {
        var value =
                """
                {"tx_id": "%s", "device": "%s", "state": "no_push_key", "provider": null,
                 "dead_key": false, "attempts": 0}
                """
                        .formatted(Samples.TX, Samples.PHONE);

        var decoded =
                codec.decode(
                        record(Topic.DELIVERY_REPORTED, value.getBytes(UTF_8)),
                        DeliveryReported.class);

        assertThat(decoded.event().provider()).isNull();
        assertThat(decoded.event().keyVersion()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{",
                "{}",
                "\"text\"",
                "{\"tx_id\":\"secret-12345\",\"device\":1}"
            })
    void refusesWhatIsNoEventWithoutQuotingIt(String value) {
        assertThatThrownBy(
                        () ->
                                codec.decode(
                                        record(Topic.RESPONSE_RECEIVED, value.getBytes(UTF_8)),
                                        ResponseReceived.class))
                .isInstanceOf(UndecodableEventException.class)
                .hasNoCause()
                .message()
                .contains("data: expected")
                .doesNotContain("secret");
    }

    @Test
    void refusesARecordWithoutCloudEventHeaders() {
        var record = new ConsumerRecord<>("topic", 0, 0, "key", "{}".getBytes(UTF_8));

        assertUndecodable(record, ResponseReceived.class);
    }

    @Test
    void refusesARecordWithoutValue() {
        assertUndecodable(record(Topic.RESPONSE_RECEIVED, null), ResponseReceived.class);
    }

    @Test
    void refusesAnEventOfAnotherType() throws IOException {
        assertUndecodable(
                record(Topic.RESPONSE_RECEIVED, golden(Topic.RESPONSE_RECEIVED).getBytes(UTF_8)),
                TransactionWithdrawn.class);
    }

    @Test
    void refusesAnEventWhoseIdIsNoUuid() {
        var record = received(codec.encode(envelope(Samples.of(Topic.RESPONSE_RECEIVED))));
        record.headers().remove("ce_id").add("ce_id", "17".getBytes(UTF_8));

        assertUndecodable(record, ResponseReceived.class);
    }

    @Test
    void takesTheRecordsTimeWhereTheEventHasNone() {
        var record = received(codec.encode(envelope(Samples.of(Topic.RESPONSE_RECEIVED))));
        record.headers().remove("ce_time");

        assertThat(codec.decode(record, ResponseReceived.class).time())
                .isEqualTo(Instant.ofEpochMilli(1234));
    }

    @Test
    void beginsATraceWhereTheEventHasNone() {
        var record = received(codec.encode(envelope(Samples.of(Topic.RESPONSE_RECEIVED))));
        record.headers().remove("ce_traceparent");

        assertThat(codec.decode(record, ResponseReceived.class).trace()).isNotEqualTo(TRACE);
    }

    private void assertUndecodable(
            ConsumerRecord<String, byte[]> record, Class<? extends Event> type) {
        assertThatThrownBy(() -> codec.decode(record, type))
                .isInstanceOf(UndecodableEventException.class);
    }

    private static String golden(Topic topic) throws IOException {
        return Files.readString(GOLDEN.resolve(topic.topicName() + ".json"));
    }

    private static Envelope<Event> envelope(Event event) {
        return new Envelope<>(ID, TIME, TRACE, event);
    }

    private ConsumerRecord<String, byte[]> record(Topic topic, byte @Nullable [] value) {
        var whole = codec.encode(envelope(Samples.of(topic)));
        return new ConsumerRecord<>(
                whole.topic(),
                0,
                0,
                1234,
                TimestampType.CREATE_TIME,
                0,
                0,
                whole.key(),
                value,
                whole.headers(),
                Optional.empty());
    }

    private static ConsumerRecord<String, byte[]> received(ProducerRecord<String, byte[]> sent) {
        return new ConsumerRecord<>(
                sent.topic(),
                0,
                0,
                1234,
                TimestampType.CREATE_TIME,
                0,
                0,
                sent.key(),
                sent.value(),
                new RecordHeaders(sent.headers().toArray()),
                Optional.empty());
    }

    private static Map<String, String> headers(ProducerRecord<String, byte[]> record) {
        var headers = new HashMap<String, String>();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), UTF_8));
        }
        return headers;
    }
}
