package nod.messaging.event;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;

import nod.schemas.event.Event;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.UUID;

/**
 * Writes events as CloudEvents 1.0 in Kafka's binary mode ({@code ce_*} headers, JSON value) and
 * reads them back. Thread-safe.
 */
public final class EventCodec {

    private static final String JSON = "application/json";

    /**
     * Unknown fields are skipped, so that a field can be added while an old version still reads.
     */
    private final JsonMapper json =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    /** The event's JSON alone, as it stands in a record's value. */
    public String toJson(Event event) {
        return json.writeValueAsString(event);
    }

    /** The event of a topic that {@link #toJson} wrote. */
    public Event fromJson(Topic topic, String value) {
        return json.readValue(value, topic.eventType());
    }

    /** The event as it would be stored. */
    private StoredEvent stored(Envelope<?> envelope) {
        var event = envelope.event();
        return new StoredEvent(
                envelope.id(),
                envelope.time(),
                envelope.trace(),
                event.topic(),
                event.key(),
                toJson(event));
    }

    /** The record that carries the event: the topic and the key are the event's own. */
    public ProducerRecord<String, byte[]> encode(Envelope<?> envelope) {
        return encode(stored(envelope));
    }

    /** The record that carries the event, whose value is the stored JSON to the letter. */
    public ProducerRecord<String, byte[]> encode(StoredEvent event) {
        var topic = event.topic();
        var cloudEvent =
                CloudEventBuilder.v1()
                        .withId(event.id().toString())
                        .withSource(URI.create(topic.producer().source()))
                        .withType(topic.topicName())
                        .withSubject(event.key())
                        .withTime(OffsetDateTime.ofInstant(event.time(), ZoneOffset.UTC))
                        .withExtension(Traceparent.HEADER, event.trace().value())
                        .withData(JSON, event.json().getBytes(StandardCharsets.UTF_8))
                        .build();
        return KafkaMessageFactory.<String>createWriter(topic.topicName(), event.key())
                .writeBinary(cloudEvent);
    }

    /**
     * The event that a record carries.
     *
     * @throws UndecodableEventException when the record is no CloudEvent or not an {@code E}
     */
    public <E extends Event> Envelope<E> decode(ConsumerRecord<?, byte[]> record, Class<E> type) {
        var cloudEvent = cloudEvent(record);
        requireType(cloudEvent, type);
        return new Envelope<>(
                id(cloudEvent),
                time(cloudEvent, record),
                trace(cloudEvent),
                event(cloudEvent, type));
    }

    private static CloudEvent cloudEvent(ConsumerRecord<?, byte[]> record) {
        try {
            return KafkaMessageFactory.createReader(record).toEvent();
        } catch (RuntimeException notACloudEvent) {
            throw new UndecodableEventException(
                    "not a CloudEvent: " + notACloudEvent.getClass().getSimpleName());
        }
    }

    private static void requireType(CloudEvent event, Class<? extends Event> type) {
        for (var topic : Topic.values()) {
            if (topic.eventType() == type && !topic.topicName().equals(event.getType())) {
                throw new UndecodableEventException("ce_type: expected " + topic.topicName());
            }
        }
    }

    private static UUID id(CloudEvent event) {
        try {
            return UUID.fromString(event.getId());
        } catch (IllegalArgumentException malformed) {
            throw new UndecodableEventException("ce_id: expected a UUID");
        }
    }

    private static Instant time(CloudEvent event, ConsumerRecord<?, byte[]> record) {
        var time = event.getTime();
        return time != null ? time.toInstant() : Instant.ofEpochMilli(record.timestamp());
    }

    private static Traceparent trace(CloudEvent event) {
        return Traceparent.of(Objects.toString(event.getExtension(Traceparent.HEADER), null));
    }

    private <E extends Event> E event(CloudEvent event, Class<E> type) {
        var data = event.getData();
        if (data == null) {
            throw new UndecodableEventException("no data: expected a " + type.getSimpleName());
        }
        var decoded = read(data.toBytes(), type);
        if (decoded instanceof Record complete) {
            Completeness.firstMissing(complete)
                    .ifPresent(
                            path -> {
                                throw new UndecodableEventException(
                                        "data: expected a value of " + path);
                            });
        }
        return decoded;
    }

    private <E extends Event> E read(byte[] data, Class<E> type) {
        try {
            return Objects.requireNonNull(json.readValue(data, type));
        } catch (JacksonException | NullPointerException notOne) {
            // The parser's message would quote the record.
            throw new UndecodableEventException("data: expected a " + type.getSimpleName());
        }
    }
}
