package nod.collector.delivery;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells one endpoint what is due, a few outcomes at a time, and knows of no other endpoint: one
 * that is slow holds up itself alone. Thread-safe.
 */
public final class Endpoint {

    private static final Logger log = LoggerFactory.getLogger(Endpoint.class);

    /** What came of a try is written again where the database was away; within the lease. */
    private static final Retry AGAIN = Retry.backoff(4, Duration.ofMillis(200));

    private final Terms terms;
    private final Sender sender;
    private final Deliveries deliveries;
    private final Turns turns;
    private final Tally tally;
    private final AtomicInteger workers = new AtomicInteger();
    private final Set<CompletableFuture<?>> working = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    /**
     * Tells nothing yet.
     *
     * @param turns who works with the database at a time
     */
    public Endpoint(Terms terms, Sender sender, Deliveries deliveries, Turns turns, Tally tally) {
        this.terms = terms;
        this.sender = sender;
        this.deliveries = deliveries;
        this.turns = turns;
        this.tally = tally;
    }

    /** Begins to tell what is due, unless as much as may be is under way. Never blocks. */
    void look() {
        if (stopping || workers.incrementAndGet() > terms.maxInFlight()) {
            workers.decrementAndGet();
            return;
        }
        var done = Mono.defer(this::tellNext).repeat().takeWhile(told -> told && !stopping).then();
        CompletableFuture<? extends @Nullable Object> future =
                done.doFinally(_ -> workers.decrementAndGet()).toFuture();
        working.add(future);
        future.whenComplete((_, failure) -> ended(future, failure));
    }

    private void ended(CompletableFuture<?> worker, @Nullable Throwable failure) {
        working.remove(worker);
        if (failure != null) {
            log.warn(
                    "{} could not be looked after, next try soon: {}",
                    terms.title(),
                    failure.toString());
        }
    }

    /**
     * Whether there was anything to tell. Where there was, there may be more for another worker.
     */
    private Mono<Boolean> tellNext() {
        return turns.take(deliveries.claim(terms.name(), terms.lease()))
                .doOnNext(_ -> look())
                .flatMap(attempt -> tell(attempt).thenReturn(true))
                .defaultIfEmpty(false);
    }

    private Mono<Void> tell(Attempt attempt) {
        return sender.tell(attempt)
                .doOnNext(answer -> tally.tried(terms.name(), answer))
                .flatMap(answer -> turns.take(written(attempt, answer)).retryWhen(AGAIN));
    }

    private Mono<Void> written(Attempt attempt, Answer answer) {
        return switch (answer) {
            case Answer.Told(var status) -> deliveries.delivered(terms.name(), attempt, status);
            case Answer.Refused refused -> refused(attempt, refused);
            case Answer.Gone(var status) -> gone(attempt, status);
            case Answer.Nothing(var cause, var doubt) ->
                    failed(attempt, new Failure(cause, doubt), Duration.ZERO);
        };
    }

    private Mono<Void> refused(Attempt attempt, Answer.Refused refused) {
        var wanted = refused.retryAfter().orElse(Duration.ZERO);
        var failed = failed(attempt, new Failure(refused.status(), refused.doubt()), wanted);
        return wanted.isZero() ? failed : failed.then(deliveries.pause(terms.name(), wanted));
    }

    private Mono<Void> gone(Attempt attempt, int status) {
        log.warn(
                "{} is gone ({}): it is disabled until somebody enables it", terms.title(), status);
        return failed(attempt, new Failure(status, false), Duration.ZERO)
                .then(deliveries.disable(terms.name()));
    }

    /**
     * Writes down when it is tried again.
     *
     * @param wanted how long the endpoint wants to be left alone
     */
    private Mono<Void> failed(Attempt attempt, Failure failure, Duration wanted) {
        var settling = failure.doubt() ? terms.settling() : Duration.ZERO;
        var wait = Collections.max(List.of(backOff(attempt), wanted, settling));
        return deliveries
                .failed(terms.name(), attempt, failure, wait)
                .doOnNext(givenUp -> report(attempt, failure.why(), givenUp))
                .then();
    }

    private void report(Attempt attempt, String why, boolean givenUp) {
        var event = attempt.event();
        if (givenUp) {
            tally.givenUp(terms.name());
            log.warn("{} was not told {}, given up: {}", terms.title(), event, why);
        } else {
            var number = attempt.number();
            log.info("{} was not told {} at try {}: {}", terms.title(), event, number, why);
        }
    }

    private Duration backOff(Attempt attempt) {
        var jitter = ThreadLocalRandom.current().nextDouble();
        return BackOff.after(attempt.number(), terms.longestWait(), jitter);
    }

    /** Begins no further try; done when none is under way. */
    CompletableFuture<?> stop() {
        stopping = true;
        return CompletableFuture.allOf(working.toArray(CompletableFuture[]::new));
    }

    /** Closes its connections. */
    void close() {
        sender.close();
    }
}
