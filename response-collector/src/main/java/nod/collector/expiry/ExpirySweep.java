package nod.collector.expiry;

import nod.collector.CollectorSettings;
import nod.collector.outcome.Decision;
import nod.collector.outcome.Decisions;
import nod.collector.outcome.Decisions.Decided;
import nod.schemas.event.TransactionStatus;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Mono;

import java.util.List;

/** Closes a batch of transactions that nobody answered. Instances share the work. Thread-safe. */
@Component
final class ExpirySweep {

    private static final Logger log = LoggerFactory.getLogger(ExpirySweep.class);

    private final OverdueTransactions overdue;
    private final Decisions decisions;
    private final TransactionalOperator transaction;
    private final int batchSize;

    ExpirySweep(
            OverdueTransactions overdue,
            Decisions decisions,
            TransactionalOperator transaction,
            CollectorSettings settings) {
        this.overdue = overdue;
        this.decisions = decisions;
        this.transaction = transaction;
        this.batchSize = settings.expiry().batchSize();
    }

    /**
     * Closes one batch.
     *
     * @return whether there may be more: the batch was full
     */
    Mono<Boolean> closeBatch() {
        return overdue.lock(batchSize)
                .flatMap(found -> decisions.write(judge(found)))
                .as(transaction::transactional)
                .doOnNext(this::committed)
                .map(decided -> decided.size() == batchSize);
    }

    private static List<Decision> judge(List<Overdue> overdue) {
        return overdue.stream()
                .map(
                        one ->
                                Decision.unclaimed(
                                        one.txId(), ExpiryVerdict.of(one.reached()), one.start()))
                .toList();
    }

    private void committed(List<Decided> decided) {
        decisions.committed(decided);
        decided.stream()
                .map(Decided::outcome)
                .filter(outcome -> outcome.status() == TransactionStatus.UNDELIVERABLE)
                .forEach(
                        outcome ->
                                log.info(
                                        "No push reached anybody for transaction {}: {}",
                                        outcome.txId(),
                                        outcome.reason()));
    }
}
