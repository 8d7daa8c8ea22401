package nod.messaging.publish;

import nod.messaging.event.Envelope;
import nod.messaging.event.StoredEvent;

import java.util.concurrent.CompletableFuture;

/** Writes events to the event log. Thread-safe. */
public interface EventPublisher {

    /**
     * Writes one event; never blocks the caller.
     *
     * @return completes when every in-sync replica has the event; fails when that could not be
     *     learnt. A failed event may have been written: publish it again with the same id.
     */
    CompletableFuture<Void> publish(Envelope<?> envelope);

    /** {@link #publish(Envelope)} of an event that was written down before, as it stands. */
    CompletableFuture<Void> publish(StoredEvent event);
}
