package nod.messaging.event;

import nod.schemas.event.Topic;

import java.time.Instant;
import java.util.UUID;

/**
 * An event as it was written down, to be published as it stands: fields that only another version
 * of the service knows are in its JSON, and not in the record that this version would make of it.
 *
 * @param id as that of an {@link Envelope}, like the time and the trace
 * @param topic where it belongs
 * @param key the record's key
 * @param json what becomes the record's value
 */
public record StoredEvent(
        UUID id, Instant time, Traceparent trace, Topic topic, String key, String json) {}
