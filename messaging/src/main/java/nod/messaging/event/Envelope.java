package nod.messaging.event;

import nod.schemas.event.Event;

import java.time.Instant;
import java.util.UUID;

/**
 * An event with what travels around it.
 *
 * @param id the event's identity: one that arrives twice is the same event
 * @param time when it was recorded
 * @param trace the trace that caused it
 * @param event what happened
 */
public record Envelope<E extends Event>(UUID id, Instant time, Traceparent trace, E event) {

    /** The same event, as what continues that trace sees it. */
    public Envelope<E> in(Traceparent step) {
        return step.equals(trace) ? this : new Envelope<>(id, time, step, event);
    }
}
