package nod.messaging.consume;

import nod.messaging.event.Envelope;
import nod.schemas.event.Event;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What a service does with the events of a topic.
 *
 * <p>An event can arrive more than once, with one id, and two events with one key arrive in order
 * but may be worked on at the same time: a handler is idempotent and asks the database.
 */
@FunctionalInterface
public interface EventHandler<E extends Event> {

    /**
     * Begins to work on the events of one poll. Called on the consumer's own thread.
     *
     * @param batch at least one event
     * @return for each event, in the same order, when its work is done. A failed one is handed over
     *     again: for ever where the failure is transient, else a few times before it becomes a dead
     *     letter.
     */
    List<? extends CompletionStage<? extends @Nullable Object>> handle(List<Envelope<E>> batch);

    /**
     * Whether it can do something about further events by now. While it can't, none is read: they
     * wait in Kafka and not in memory. Called on the consumer's own thread, often: returns at once.
     */
    default boolean hasRoom() {
        return true;
    }
}
