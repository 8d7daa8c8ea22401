package nod.gateway.outcome;

import nod.gateway.transaction.MobileTransaction;
import nod.gateway.transaction.TransactionWatch;
import nod.gateway.transaction.Transactions;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Reads transactions for those who follow them. Each registers first and looks then: news in
 * between is not missed.
 */
@Component
class WatchedTransactions implements TransactionWatch {

    private static final Logger log = LoggerFactory.getLogger(WatchedTransactions.class);

    private final Transactions transactions;
    private final Watchers watchers;

    WatchedTransactions(Transactions transactions, Watchers watchers) {
        this.transactions = transactions;
        this.watchers = watchers;
    }

    @Override
    public Mono<MobileTransaction> await(UUID txId, Duration longest) {
        return longest.isZero()
                ? transactions.find(txId)
                : Mono.using(
                        () -> watchers.add(txId, new DecisionWatcher()),
                        watcher -> await(txId, longest, watcher),
                        watcher -> watchers.remove(txId, watcher));
    }

    private Mono<MobileTransaction> await(UUID txId, Duration longest, DecisionWatcher watcher) {
        var decision = watcher.woken().timeout(longest, Mono.empty());
        return transactions
                .find(txId)
                .flatMap(
                        found ->
                                found.isDecided()
                                        ? Mono.just(found)
                                        : decision.then(transactions.find(txId)));
    }

    @Override
    public Flux<MobileTransaction> changes(UUID txId) {
        return Flux.using(
                () -> watchers.add(txId, new ChangeWatcher()),
                watcher -> changes(txId, watcher),
                watcher -> watchers.remove(txId, watcher));
    }

    private Flux<MobileTransaction> changes(UUID txId, ChangeWatcher watcher) {
        return watcher.looks()
                .concatMap(_ -> look(txId, watcher), 0)
                .distinctUntilChanged(Shown::of)
                .takeUntil(MobileTransaction::isDecided);
    }

    private Mono<MobileTransaction> look(UUID txId, ChangeWatcher watcher) {
        return transactions
                .find(txId)
                .map(watcher::withHeard)
                .switchIfEmpty(Mono.fromRunnable(watcher::stopped))
                .onErrorResume(
                        failure -> {
                            log.warn("Transaction {} could not be looked up", txId, failure);
                            return Mono.empty();
                        });
    }

    /** What makes a change; the times of deliveries alone don't. */
    private record Shown(
            TransactionStatus status,
            @Nullable OutcomeReason reason,
            List<UUID> devices,
            List<String> deliveries) {

        static Shown of(MobileTransaction transaction) {
            return new Shown(
                    transaction.status(),
                    transaction.reason(),
                    transaction.devices(),
                    transaction.deliveries().stream()
                            .map(MobileTransaction.Delivery::state)
                            .toList());
        }
    }
}
