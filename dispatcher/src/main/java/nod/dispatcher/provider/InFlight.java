package nod.dispatcher.provider;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Bounds how many calls run at a time: a few at first, more once it is widened. Further ones wait
 * in line, also bounded; who cancels leaves it. Thread-safe; never blocks.
 */
final class InFlight {

    private final int limit;
    private final int maxWaiting;
    private final Queue<Call<?>> line = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger drains = new AtomicInteger();
    private volatile int room;

    /**
     * @param first as many run until it is widened
     * @param limit and as many from then on
     */
    InFlight(int first, int limit, int maxWaiting) {
        this.room = first;
        this.limit = limit;
        this.maxWaiting = maxWaiting;
    }

    /** Lets as many run as the limit says, for good. */
    void widen() {
        if (room != limit) {
            room = limit;
            drain();
        }
    }

    int running() {
        return running.get();
    }

    int waiting() {
        return waiting.get();
    }

    /**
     * Runs the call as soon as there is room.
     *
     * @param whenFull the result where even the line is full
     */
    <T> Mono<T> run(Mono<T> call, T whenFull) {
        return Mono.create(
                sink -> {
                    if (waiting.incrementAndGet() > maxWaiting) {
                        waiting.decrementAndGet();
                        sink.success(whenFull);
                        return;
                    }
                    var queued = new Call<>(call, sink);
                    sink.onCancel(queued);
                    line.add(queued);
                    drain();
                });
    }

    /**
     * Starts what may start. One thread at a time does, and comes round again for whoever called
     * meanwhile: a call that ends at once does not start the next from within its own end.
     */
    private void drain() {
        if (drains.getAndIncrement() != 0) {
            return;
        }
        int served = 1;
        do {
            startNext();
            served = drains.addAndGet(-served);
        } while (served != 0);
    }

    private void startNext() {
        while (running.get() < room) {
            var next = line.poll();
            if (next == null) {
                return;
            }
            next.start();
        }
    }

    private enum State {
        WAITING,
        RUNNING,
        CANCELLED
    }

    private final class Call<T> implements Disposable {

        private final Mono<T> call;
        private final MonoSink<T> sink;
        private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
        private final Disposable.Swap subscription = Disposables.swap();

        Call(Mono<T> call, MonoSink<T> sink) {
            this.call = call;
            this.sink = sink;
        }

        void start() {
            if (!state.compareAndSet(State.WAITING, State.RUNNING)) {
                return;
            }
            waiting.decrementAndGet();
            running.incrementAndGet();
            subscription.replace(
                    call.doFinally(_ -> leave())
                            .subscribe(sink::success, sink::error, sink::success));
        }

        private void leave() {
            running.decrementAndGet();
            drain();
        }

        @Override
        public void dispose() {
            if (state.compareAndSet(State.WAITING, State.CANCELLED)) {
                waiting.decrementAndGet();
            } else {
                subscription.dispose();
            }
        }
    }
}
