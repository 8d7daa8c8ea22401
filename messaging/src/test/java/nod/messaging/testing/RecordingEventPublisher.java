package nod.messaging.testing;

import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.messaging.event.StoredEvent;
import nod.messaging.publish.EventPublisher;
import nod.schemas.event.Event;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/** Acknowledges and remembers what is published, or refuses it while told so. Thread-safe. */
public final class RecordingEventPublisher implements EventPublisher {

    private final EventCodec codec = new EventCodec();
    private final List<Envelope<?>> published = new CopyOnWriteArrayList<>();
    private volatile @Nullable Throwable refusal;

    @Override
    public CompletableFuture<Void> publish(Envelope<?> envelope) {
        var failure = refusal;
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        published.add(envelope);
        return CompletableFuture.completedFuture(null);
    }

    /** Remembers what this version reads of it. */
    @Override
    public CompletableFuture<Void> publish(StoredEvent event) {
        return publish(
                new Envelope<>(
                        event.id(),
                        event.time(),
                        event.trace(),
                        codec.fromJson(event.topic(), event.json())));
    }

    /** From now on nothing is acknowledged or remembered. */
    public void refuse(Throwable failure) {
        refusal = failure;
    }

    /** From now on everything is acknowledged again. */
    public void recover() {
        refusal = null;
    }

    /** What was acknowledged, in order. */
    public List<Envelope<?>> published() {
        return List.copyOf(published);
    }

    /** The acknowledged events of one type, in order. */
    public <E extends Event> List<E> events(Class<E> type) {
        return published.stream()
                .map(Envelope::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
