package nod.collector.webhook;

import nod.collector.CollectorSettings.Webhook;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tells one endpoint what is due, a few outcomes at a time, and knows of no other endpoint: one
 * that is slow holds up itself alone. Thread-safe.
 */
final class Endpoint {

    private static final Logger log = LoggerFactory.getLogger(Endpoint.class);

    /** How much longer than a try its lease is: what came of it has to be written down. */
    private static final Duration LEASE_MARGIN = Duration.ofSeconds(30);

    /** What came of a try is written again where the database was away; within the lease. */
    private static final Retry AGAIN = Retry.backoff(4, Duration.ofMillis(200));

    private final String name;
    private final Webhook webhook;
    private final WebhookClient client;
    private final Deliveries deliveries;
    private final Turns turns;
    private final WebhookMetrics metrics;
    private final AtomicInteger workers = new AtomicInteger();
    private final Set<CompletableFuture<?>> working = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    Endpoint(
            String name,
            Webhook webhook,
            WebhookClient client,
            Deliveries deliveries,
            Turns turns,
            WebhookMetrics metrics) {
        this.name = name;
        this.webhook = webhook;
        this.client = client;
        this.deliveries = deliveries;
        this.turns = turns;
        this.metrics = metrics;
    }

    /** Begins to tell what is due, unless as much as may be is under way. Never blocks. */
    void look() {
        if (stopping || workers.incrementAndGet() > webhook.maxInFlight()) {
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
                    "Webhook {} could not be looked after, next try soon: {}",
                    name,
                    failure.toString());
        }
    }

    /**
     * Whether there was anything to tell. Where there was, there may be more for another worker.
     */
    private Mono<Boolean> tellNext() {
        return turns.take(deliveries.claim(name, webhook.timeout().plus(LEASE_MARGIN)))
                .doOnNext(_ -> look())
                .flatMap(attempt -> tell(attempt).thenReturn(true))
                .defaultIfEmpty(false);
    }

    private Mono<Void> tell(Attempt attempt) {
        return client.post(attempt)
                .doOnNext(answer -> metrics.tried(name, answer))
                .flatMap(answer -> turns.take(written(attempt, answer)).retryWhen(AGAIN));
    }

    private Mono<Void> written(Attempt attempt, Answer answer) {
        return switch (answer) {
            case Answer.Status status when status.isSuccess() ->
                    deliveries.delivered(name, attempt, status.code());
            case Answer.Status status -> refused(attempt, status);
            case Answer.Nothing nothing -> failed(attempt, null, nothing.cause(), backOff(attempt));
        };
    }

    private Mono<Void> refused(Attempt attempt, Answer.Status status) {
        var wanted = status.retryAfter().orElse(Duration.ZERO);
        var backOff = backOff(attempt);
        var wait = wanted.compareTo(backOff) > 0 ? wanted : backOff;
        return failed(attempt, status.code(), null, wait).then(heeded(status, wanted));
    }

    private Mono<Void> heeded(Answer.Status status, Duration wanted) {
        if (status.isGone()) {
            log.warn("Webhook {} is gone (410): it is disabled until somebody enables it", name);
            return deliveries.disable(name);
        }
        return wanted.isZero() ? Mono.empty() : deliveries.pause(name, wanted);
    }

    private Mono<Void> failed(
            Attempt attempt, @Nullable Integer status, @Nullable String cause, Duration wait) {
        var why = status == null ? cause : "status " + status;
        return deliveries
                .failed(name, attempt, status, cause, wait)
                .doOnNext(givenUp -> report(attempt, why, givenUp))
                .then();
    }

    private void report(Attempt attempt, @Nullable String why, boolean givenUp) {
        var event = attempt.event();
        if (givenUp) {
            metrics.givenUp(name);
            log.warn("Webhook {} was not told {}, given up: {}", name, event, why);
        } else {
            log.info(
                    "Webhook {} was not told {} at try {}: {}", name, event, attempt.number(), why);
        }
    }

    private static Duration backOff(Attempt attempt) {
        return BackOff.after(attempt.number(), ThreadLocalRandom.current().nextDouble());
    }

    /** Begins no further try; done when none is under way. */
    CompletableFuture<?> stop() {
        stopping = true;
        return CompletableFuture.allOf(working.toArray(CompletableFuture[]::new));
    }

    /** Closes its connections. */
    void close() {
        client.close();
    }
}
