package nod.gateway.outcome;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import nod.gateway.transaction.DecisionWait;
import nod.gateway.transaction.MobileTransaction;
import nod.gateway.transaction.Transactions;
import nod.messaging.consume.EventTail;
import nod.messaging.event.Envelope;
import nod.schemas.event.OutcomeDecided;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Those who wait for a decision at this instance: a registration in memory each. They are woken by
 * the outcome's event; because an event can be missed while Kafka is away, all that wait are looked
 * up by one query every five seconds and whenever the events are heard again.
 */
@Component
class DecisionWaiters implements DecisionWait, EventTail.Listener<OutcomeDecided>, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DecisionWaiters.class);

    /** The design's bound on how late a missed outcome is noticed. */
    private static final Duration RECHECK = Duration.ofSeconds(5);

    private static final String DECIDED =
            """
            SELECT tx_id FROM transaction
            WHERE tx_id = ANY(:ids) AND (status <> 'wait' OR claim IN ('cancelled', 'superseded'))
            """;

    private final Transactions transactions;
    private final DatabaseClient database;
    private final Map<UUID, Set<Sinks.Empty<Void>>> waiting = new ConcurrentHashMap<>();
    private volatile Disposable rechecking = Disposables.disposed();
    private volatile boolean running;

    DecisionWaiters(Transactions transactions, DatabaseClient database, MeterRegistry metrics) {
        this.transactions = transactions;
        this.database = database;
        Gauge.builder("nod.waiting.callers", waiting, DecisionWaiters::count)
                .description("Callers that wait for a decision at this instance")
                .register(metrics);
    }

    private static double count(Map<UUID, Set<Sinks.Empty<Void>>> waiting) {
        return waiting.values().stream().mapToInt(Set::size).sum();
    }

    @Override
    public Mono<MobileTransaction> await(UUID txId, Duration longest) {
        return longest.isZero() || !running
                ? transactions.find(txId)
                : Mono.defer(() -> awaitRegistered(txId, longest));
    }

    /** Registers first and looks then: a decision in between wakes the waiter. */
    private Mono<MobileTransaction> awaitRegistered(UUID txId, Duration longest) {
        var woken = register(txId);
        var decision = woken.asMono().timeout(longest, Mono.empty());
        return transactions
                .find(txId)
                .flatMap(
                        found ->
                                found.isDecided()
                                        ? Mono.just(found)
                                        : decision.then(transactions.find(txId)))
                .doFinally(_ -> remove(txId, woken));
    }

    private Sinks.Empty<Void> register(UUID txId) {
        var sink = Sinks.<Void>empty();
        waiting.compute(
                txId,
                (_, sinks) -> {
                    var all =
                            sinks == null
                                    ? ConcurrentHashMap.<Sinks.Empty<Void>>newKeySet()
                                    : sinks;
                    all.add(sink);
                    return all;
                });
        return sink;
    }

    private void remove(UUID txId, Sinks.Empty<Void> sink) {
        waiting.computeIfPresent(
                txId,
                (_, sinks) -> {
                    sinks.remove(sink);
                    return sinks.isEmpty() ? null : sinks;
                });
    }

    private void wake(UUID txId) {
        waiting.getOrDefault(txId, Set.of()).forEach(Sinks.Empty::tryEmitEmpty);
    }

    @Override
    public void on(Envelope<OutcomeDecided> event) {
        wake(event.event().txId());
    }

    @Override
    public void onReady() {
        recheck().subscribe();
    }

    private Mono<Void> recheck() {
        return Mono.defer(
                        () -> {
                            var ids = waiting.keySet().toArray(UUID[]::new);
                            return ids.length == 0 ? Mono.empty() : wakeDecided(ids);
                        })
                .onErrorResume(
                        failure -> {
                            log.warn("Waiting callers could not be looked up", failure);
                            return Mono.empty();
                        });
    }

    private Mono<Void> wakeDecided(UUID[] ids) {
        return database.sql(DECIDED)
                .bind("ids", ids)
                .map(row -> requireNonNull(row.get("tx_id", UUID.class)))
                .all()
                .doOnNext(this::wake)
                .then();
    }

    @Override
    public void start() {
        running = true;
        rechecking =
                Flux.interval(RECHECK).onBackpressureDrop().concatMap(_ -> recheck()).subscribe();
    }

    /** Whoever waits is answered now, so that the server can finish what is in flight. */
    @Override
    public void stop() {
        running = false;
        rechecking.dispose();
        waiting.keySet().forEach(this::wake);
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
