package nod.messaging.batch;

import org.jspecify.annotations.Nullable;

import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Has requests that come one by one done together: a statement of the database for all that came
 * while those before were under way. Where little comes, each is done at once and alone; the more
 * comes, the more each statement does. Thread-safe.
 *
 * <p>That alone would leave nothing to gather as long as statements are quick, and a machine busy
 * with statements of one row each. So where requests are close to each other, one waits for those
 * behind it, for some milliseconds.
 *
 * <p>Those who were answered together stay together: what they ask next in the same moment, of
 * whatever batches, is asked when the last of them has been answered.
 *
 * <p>What is done together fails together, so it may only fail for reasons that all share.
 *
 * @param <Q> what is asked; two that are equal are asked twice
 * @param <A> what is answered
 */
public final class Batches<Q, A> {

    /** A batch that takes longer no longer keeps the next one waiting. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /**
     * How a batch is done: an answer for each request, in their order; empty where there is none.
     */
    @FunctionalInterface
    public interface Work<Q, A> extends Function<List<Q>, Mono<List<Optional<A>>>> {}

    private final class Request {

        private final Q question;
        private final MonoSink<A> sink;
        private final long askedNanos;
        private final long dueNanos;
        private volatile boolean cancelled;

        Request(Q question, MonoSink<A> sink, long askedNanos) {
            this.question = question;
            this.sink = sink;
            this.askedNanos = askedNanos;
            this.dueNanos = gathering.due(askedNanos);
        }

        void answer(Optional<A> answer) {
            answer.ifPresentOrElse(sink::success, sink::success);
        }
    }

    /** What the running thread asks while it answers; null while it answers nobody. */
    private static final ThreadLocal<@Nullable Set<Batches<?, ?>>> HELD_BACK = new ThreadLocal<>();

    private final int atOnce;
    private final int largest;
    private final Gathering gathering;
    private final Shedding shedding;
    private final Work<Q, A> work;
    private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicBoolean alarmed = new AtomicBoolean();

    /**
     * Batches of one kind of request, of which none waits but for a turn.
     *
     * @param atOnce how many are under way at a time
     * @param largest how many requests one does
     * @param work what does them
     */
    public Batches(int atOnce, int largest, Work<Q, A> work) {
        this(atOnce, largest, Gathering.nothing(), Shedding.nobody(), work);
    }

    /**
     * Batches of one kind of request, of which all are done however many come.
     *
     * @param gathering when a request waits for others
     */
    public Batches(int atOnce, int largest, Gathering gathering, Work<Q, A> work) {
        this(atOnce, largest, gathering, Shedding.nobody(), work);
    }

    /**
     * Batches of one kind of request.
     *
     * @param gathering when a request waits for others
     * @param shedding when one is turned away
     */
    public Batches(
            int atOnce, int largest, Gathering gathering, Shedding shedding, Work<Q, A> work) {
        this.atOnce = atOnce;
        this.largest = largest;
        this.gathering = gathering;
        this.shedding = shedding;
        this.work = work;
    }

    /** Does what asks of batches several times: what is asked meanwhile is asked together. */
    public static void together(Runnable asks) {
        if (HELD_BACK.get() != null) {
            asks.run();
            return;
        }
        var heldBack = new LinkedHashSet<Batches<?, ?>>();
        HELD_BACK.set(heldBack);
        try {
            asks.run();
        } finally {
            HELD_BACK.remove();
            heldBack.forEach(Batches::beginMore);
        }
    }

    /**
     * Asks, with the next batch.
     *
     * @return empty where there is no answer; fails as its batch does, or with {@link
     *     CrowdedOutException} where too many wait. Who cancels before the batch begins has not
     *     asked; the work itself is never cancelled
     */
    public Mono<A> ask(Q question) {
        return Mono.create(
                sink -> {
                    long now = System.nanoTime();
                    if (turnsAway(now)) {
                        sink.error(new CrowdedOutException());
                        return;
                    }
                    var request = new Request(question, sink, now);
                    sink.onCancel(() -> request.cancelled = true);
                    waiting.add(request);
                    var heldBack = HELD_BACK.get();
                    if (heldBack == null) {
                        beginMore();
                    } else {
                        heldBack.add(this);
                    }
                });
    }

    /** How many wait for their batch to begin, those who have hung up included. */
    public int waiting() {
        return waiting.size();
    }

    private boolean turnsAway(long now) {
        var first = waiting.peek();
        if (first == null) {
            shedding.empty(now);
            return false;
        }
        return shedding.turnsAway(first.askedNanos, now);
    }

    /** Called after each arrival and after each end: whoever comes last finds what is left. */
    private void beginMore() {
        while (isDue(waiting.peek()) && takeTurn()) {
            var batch = nextBatch();
            if (batch.isEmpty()) {
                underWay.decrementAndGet();
            } else {
                begin(batch);
            }
        }
    }

    private boolean isDue(@Nullable Request first) {
        if (first == null) {
            return false;
        }
        long left = first.dueNanos - System.nanoTime();
        if (left > 0 && alarmed.compareAndSet(false, true)) {
            Schedulers.parallel().schedule(this::alarm, left, TimeUnit.NANOSECONDS);
        }
        return left <= 0;
    }

    private void alarm() {
        alarmed.set(false);
        beginMore();
    }

    private boolean takeTurn() {
        for (int now = underWay.get(); now < atOnce; now = underWay.get()) {
            if (underWay.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    private List<Request> nextBatch() {
        var batch = new ArrayList<Request>();
        while (batch.size() < largest) {
            var next = waiting.poll();
            if (next == null) {
                break;
            }
            if (!next.cancelled) {
                batch.add(next);
            }
        }
        return batch;
    }

    private void begin(List<Request> batch) {
        gathering.begun(System.nanoTime());
        var turn = new Turn();
        answers(batch)
                .subscribe(
                        answers -> {
                            turn.end();
                            together(() -> answer(batch, answers));
                        },
                        failure -> {
                            turn.end();
                            batch.forEach(request -> request.sink.error(failure));
                        });
    }

    private void answer(List<Request> batch, List<Optional<A>> answers) {
        for (int i = 0; i < batch.size(); i++) {
            batch.get(i).answer(answers.get(i));
        }
    }

    private Mono<List<Optional<A>>> answers(List<Request> batch) {
        var questions = batch.stream().map(request -> request.question).toList();
        return Mono.defer(() -> work.apply(questions))
                .filter(answers -> answers.size() == questions.size())
                .switchIfEmpty(
                        Mono.error(
                                () ->
                                        new IllegalStateException(
                                                "expected an answer for each of "
                                                        + questions.size())));
    }

    /** The turn of a batch, which ends once: with the batch, or before when it takes too long. */
    private final class Turn {

        private final AtomicBoolean ended = new AtomicBoolean();
        private final Disposable patience =
                Schedulers.parallel()
                        .schedule(this::end, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);

        void end() {
            if (ended.compareAndSet(false, true)) {
                patience.dispose();
                underWay.decrementAndGet();
                beginMore();
            }
        }
    }
}
