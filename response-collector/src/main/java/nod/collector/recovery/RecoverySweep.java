package nod.collector.recovery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import nod.collector.CollectorSettings;
import nod.collector.outcome.ClaimDecider;
import nod.collector.outcome.Decisions;
import nod.collector.outcome.Decisions.Decided;
import nod.messaging.consume.TransientFailures;
import nod.messaging.event.Traceparent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decides a batch of claims whose event did not come: it became a dead letter, was lost with
 * Kafka's disk, or waits in an outbox while Kafka is away. An event only says where to look, so
 * that the decision is the very one that it would have brought; one that comes later finds it made.
 * Instances share the work. Thread-safe.
 */
@Component
final class RecoverySweep {

    private static final Logger log = LoggerFactory.getLogger(RecoverySweep.class);

    /** Claims that were decided without their event. */
    static final String RECOVERED = "nod.collector.claims.recovered";

    private final StrandedClaims stranded;
    private final ClaimDecider decider;
    private final Decisions decisions;
    private final TransactionalOperator transaction;
    private final CollectorSettings.Recovery settings;
    private final Counter recovered;

    /** What made the event a dead letter may hit here as well: it must not stop the others. */
    private final Set<UUID> undecidable = ConcurrentHashMap.newKeySet();

    RecoverySweep(
            StrandedClaims stranded,
            ClaimDecider decider,
            Decisions decisions,
            TransactionalOperator transaction,
            CollectorSettings settings,
            MeterRegistry metrics) {
        this.stranded = stranded;
        this.decider = decider;
        this.decisions = decisions;
        this.transaction = transaction;
        this.settings = settings.recovery();
        // From the start, so that the first one is an increase.
        this.recovered =
                Counter.builder(RECOVERED)
                        .description("Claims that were decided without their event")
                        .register(metrics);
    }

    /** A batch that was rolled back; its claims are known. */
    private static final class FailedBatch extends RuntimeException {

        private static final long serialVersionUID = 1;

        private final transient Map<UUID, Traceparent> traces;

        FailedBatch(Map<UUID, Traceparent> traces, Throwable cause) {
            super(cause);
            this.traces = traces;
        }
    }

    /**
     * Decides one batch.
     *
     * @return whether there may be more: the batch was full
     */
    Mono<Boolean> decideBatch() {
        return Mono.defer(() -> stranded.lock(settings.after(), settings.batchSize(), undecidable))
                .flatMap(this::write)
                .as(transaction::transactional)
                .doOnNext(this::committed)
                .map(List::size)
                .onErrorResume(FailedBatch.class, this::decideEach)
                .map(found -> found == settings.batchSize());
    }

    private Mono<List<Decided>> write(Map<UUID, Traceparent> traces) {
        return decider.write(traces).onErrorMap(failure -> new FailedBatch(traces, failure));
    }

    private Mono<Integer> decideEach(FailedBatch batch) {
        if (TransientFailures.isTransient(batch)) {
            return Mono.error(batch);
        }
        return Flux.fromIterable(batch.traces.entrySet())
                .concatMap(one -> decideAlone(one.getKey(), one.getValue()))
                .then(Mono.just(batch.traces.size()));
    }

    private Mono<List<Decided>> decideAlone(UUID txId, Traceparent trace) {
        return decider.write(Map.of(txId, trace))
                .doOnNext(this::committed)
                .onErrorResume(
                        failure -> !TransientFailures.isTransient(failure),
                        failure -> leave(txId, failure));
    }

    private Mono<List<Decided>> leave(UUID txId, Throwable failure) {
        undecidable.add(txId);
        log.error(
                "Transaction {} is claimed and can't be decided by this version, is left alone"
                        + " until a restart",
                txId,
                failure);
        return Mono.just(List.of());
    }

    private void committed(List<Decided> decided) {
        if (decided.isEmpty()) {
            return;
        }
        decisions.committed(decided);
        recovered.increment(decided.size());
        log.warn(
                "Decided {} claims without their event, which did not come within {}; one of them:"
                        + " transaction {}",
                decided.size(),
                settings.after(),
                decided.getFirst().outcome().txId());
    }
}
