package nod.messaging.deadletter;

import nod.messaging.consume.EventHandler;
import nod.messaging.event.Envelope;
import nod.schemas.event.ResponseReceived;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Has a bug until it is mended; remembers what it took. */
final class MendableHandler implements EventHandler<ResponseReceived> {

    private final List<Envelope<ResponseReceived>> taken = new CopyOnWriteArrayList<>();
    private volatile boolean broken = true;

    static MendableHandler broken() {
        return new MendableHandler();
    }

    static MendableHandler sound() {
        var handler = new MendableHandler();
        handler.mend();
        return handler;
    }

    void mend() {
        broken = false;
    }

    @Override
    public List<? extends CompletionStage<?>> handle(List<Envelope<ResponseReceived>> batch) {
        return batch.stream().map(this::handle).toList();
    }

    private CompletionStage<?> handle(Envelope<ResponseReceived> envelope) {
        if (broken) {
            return CompletableFuture.failedFuture(new IllegalStateException("a bug"));
        }
        taken.add(envelope);
        return CompletableFuture.completedFuture(null);
    }

    /** What was done, in order, again for each time. */
    List<Envelope<ResponseReceived>> taken() {
        return List.copyOf(taken);
    }
}
