package nod.dispatcher.dispatch;

import nod.messaging.consume.EventHandler;
import nod.messaging.event.Envelope;
import nod.schemas.event.TransactionStarted;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Pushes what was started: one look into the database for all events of a poll, then every asked
 * device on its own way. An event is done when the report on each of its devices is acknowledged.
 */
final class PushDispatcher implements EventHandler<TransactionStarted>, AutoCloseable {

    /** As many as a poll of Kafka's client brings by default. */
    private static final int MAX_LOOKED_UP = 500;

    private final TransactionReader reader;
    private final Reports reports;
    private final DispatchTools tools;
    private final BooleanSupplier crowded;
    private final AtomicInteger lookedUp = new AtomicInteger();

    /** Thousands at a time: Reactor's own collection searches all of them for each that ends. */
    private final Set<Disposable> underWay = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    /**
     * @param crowded whether further pushes had better come later
     */
    PushDispatcher(
            TransactionReader reader,
            Reports reports,
            DispatchTools tools,
            BooleanSupplier crowded) {
        this.reader = reader;
        this.reports = reports;
        this.tools = tools;
        this.crowded = crowded;
    }

    /**
     * Not while a provider has a crowd to serve: a push that waits in Kafka costs no memory, and is
     * looked up in the database when its turn is near.
     */
    @Override
    public boolean hasRoom() {
        return lookedUp.get() < MAX_LOOKED_UP && !crowded.getAsBoolean();
    }

    @Override
    public List<CompletionStage<Void>> handle(List<Envelope<TransactionStarted>> batch) {
        var works = batch.stream().map(Work::new).toList();
        var asked = works.stream().flatMap(work -> work.asked().stream()).toList();
        long readNanos = tools.time().nanos();
        lookedUp.addAndGet(works.size());
        track(
                Mono.defer(() -> reader.read(asked))
                        .publishOn(tools.scheduler())
                        .doOnNext(standings -> begin(works, standings, readNanos))
                        .doFinally(_ -> lookedUp.addAndGet(-works.size()))
                        .then(),
                failure -> works.forEach(work -> work.done().completeExceptionally(failure)));
        return works.stream().<CompletionStage<Void>>map(Work::done).toList();
    }

    private void begin(List<Work> works, List<Standing> standings, long readNanos) {
        int next = 0;
        for (var work : works) {
            int end = next + work.asked().size();
            begin(work, standings.subList(next, end), readNanos);
            next = end;
        }
    }

    private void begin(Work work, List<Standing> standings, long readNanos) {
        var ways = new ArrayList<Mono<Void>>();
        for (int i = 0; i < standings.size(); i++) {
            var way =
                    new DeviceDispatch(work.envelope(), work.asked().get(i).device(), tools)
                            .reach(standings.get(i), readNanos);
            ways.add(way.flatMap(report -> reports.publish(report, work.envelope().trace())));
        }
        // One device's failure does not end the others' ways; it fails the event when all are done.
        var all =
                Flux.mergeDelayError(Math.max(1, ways.size()), ways.toArray(Mono<?>[]::new)).then();
        track(
                all.doOnSuccess(_ -> work.done().complete(null)),
                failure -> work.done().completeExceptionally(failure));
    }

    private void track(Mono<Void> work, Consumer<Throwable> failed) {
        var slot = Disposables.swap();
        underWay.add(slot);
        slot.update(work.doFinally(_ -> underWay.remove(slot)).subscribe(_ -> {}, failed));
        if (closed) {
            slot.dispose();
        }
    }

    /** Gives up what is under way: it was not committed, so another instance takes it over. */
    @Override
    public void close() {
        closed = true;
        underWay.forEach(Disposable::dispose);
    }

    private record Work(Envelope<TransactionStarted> envelope, CompletableFuture<Void> done) {

        Work(Envelope<TransactionStarted> envelope) {
            this(envelope, new CompletableFuture<>());
        }

        TransactionStarted started() {
            return envelope.event();
        }

        List<Asked> asked() {
            return started().devices().stream()
                    .map(device -> new Asked(started().txId(), device))
                    .toList();
        }
    }
}
