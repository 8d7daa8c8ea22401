package nod.messaging.consume;

import nod.messaging.event.Envelope;
import nod.schemas.event.Event;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Remembers what it was handed and answers as told for each event; by default it is done at once.
 */
final class RecordingHandler<E extends Event> implements EventHandler<E> {

    private final List<E> handed = new CopyOnWriteArrayList<>();
    private final Map<E, CompletableFuture<Void>> held = new ConcurrentHashMap<>();
    private volatile boolean room = true;
    private volatile Function<E, CompletableFuture<Void>> answer =
            _ -> CompletableFuture.completedFuture(null);

    @Override
    public boolean hasRoom() {
        return room;
    }

    void room(boolean room) {
        this.room = room;
    }

    @Override
    public List<? extends CompletionStage<?>> handle(List<Envelope<E>> batch) {
        var stages = new ArrayList<CompletionStage<?>>();
        for (var envelope : batch) {
            handed.add(envelope.event());
            var hold = held.get(envelope.event());
            stages.add(hold != null ? hold : answer.apply(envelope.event()));
        }
        return stages;
    }

    /** The work on this event is done only when the test says so. */
    CompletableFuture<Void> hold(E event) {
        return held.computeIfAbsent(event, _ -> new CompletableFuture<>());
    }

    /** What becomes of events that aren't held. */
    void answer(Function<E, CompletableFuture<Void>> answer) {
        this.answer = answer;
    }

    /** Everything that was handed over, in order, again for each time. */
    List<E> handed() {
        return List.copyOf(handed);
    }

    long timesHanded(E event) {
        return handed.stream().filter(event::equals).count();
    }
}
