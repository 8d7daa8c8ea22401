package nod.messaging.outbox;

import io.r2dbc.spi.Readable;

import nod.messaging.event.StoredEvent;
import nod.messaging.event.Traceparent;
import nod.schemas.event.Topic;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** Reads rows of the outbox. */
final class EventRow {

    /** What is read, by names that no column of another table has. */
    static final String COLUMNS =
            """
            id AS event_id, topic AS event_topic, key AS event_key, traceparent AS event_trace,
            payload AS event_payload, created AS event_created
            """;

    private EventRow() {}

    static UUID id(Readable row) {
        return required(row.get("event_id", UUID.class));
    }

    /**
     * The event as it was written down.
     *
     * @throws IllegalArgumentException when this version does not know its topic
     */
    static StoredEvent event(Readable row) {
        return new StoredEvent(
                id(row),
                required(row.get("event_created", Instant.class)),
                Traceparent.of(row.get("event_trace", String.class)),
                Topic.named(required(row.get("event_topic", String.class))),
                required(row.get("event_key", String.class)),
                required(row.get("event_payload", String.class)));
    }

    private static <T> T required(@Nullable T value) {
        return Objects.requireNonNull(value);
    }
}
