package nod.collector.outcome;

import nod.collector.outcome.ClaimedTransactions.Found;
import nod.collector.outcome.Decisions.Decided;
import nod.messaging.event.Traceparent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Decides claimed transactions, a batch in one statement. Events only say where to look: what is
 * decided is what the rows say, as long as they say so. Thread-safe.
 */
@Component
public final class ClaimDecider {

    private static final Logger log = LoggerFactory.getLogger(ClaimDecider.class);

    private final ClaimedTransactions claimed;
    private final Decisions decisions;
    private final OutcomeMetrics metrics;

    ClaimDecider(ClaimedTransactions claimed, Decisions decisions, OutcomeMetrics metrics) {
        this.claimed = claimed;
        this.decisions = decisions;
        this.metrics = metrics;
    }

    /**
     * Decides those of the transactions that are claimed and wait.
     *
     * @param traces each transaction with the trace that its outcome continues
     */
    Mono<Void> decide(Map<UUID, Traceparent> traces) {
        return write(traces).doOnNext(decisions::committed).then();
    }

    /**
     * The same, in the running transaction where there is one; {@link Decisions#committed} is told
     * by the caller.
     *
     * @return what was decided by this very call
     */
    public Mono<List<Decided>> write(Map<UUID, Traceparent> traces) {
        if (traces.isEmpty()) {
            return Mono.just(List.of());
        }
        return claimed.read(traces.keySet())
                .flatMap(found -> decisions.write(judge(found, traces)));
    }

    private List<Decision> judge(List<Found> found, Map<UUID, Traceparent> traces) {
        reportStray(found, traces);
        return found.stream()
                .filter(Found.ToDecide.class::isInstance)
                .map(Found.ToDecide.class::cast)
                .map(Found.ToDecide::transaction)
                .map(one -> one.decide(Objects.requireNonNull(traces.get(one.txId()))))
                .toList();
    }

    /** A claim is committed before its event is written: such a row was pruned or restored away. */
    private void reportStray(List<Found> found, Map<UUID, Traceparent> traces) {
        var accountedFor =
                found.stream()
                        .filter(one -> !(one instanceof Found.Unclaimed))
                        .map(Found::txId)
                        .collect(Collectors.toSet());
        traces.keySet().stream()
                .filter(txId -> !accountedFor.contains(txId))
                .forEach(
                        txId -> {
                            metrics.stray();
                            log.warn(
                                    "Transaction {} was claimed, but has no row or no claim: pruned"
                                            + " or restored away",
                                    txId);
                        });
    }
}
