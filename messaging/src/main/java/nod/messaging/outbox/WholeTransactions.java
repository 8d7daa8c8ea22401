package nod.messaging.outbox;

import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.reactive.TransactionCallback;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Transactions that run to their end once they are begun, whoever still waits for the result.
 *
 * <p>A caller who hangs up cancels what it asked for. When that meets a BEGIN whose answer is not
 * there yet, the driver takes the connection for idle and gives it back to the pool inside a
 * transaction: statements of others would then be committed later or never, and their {@code now()}
 * would be that of the BEGIN. Thread-safe.
 */
final class WholeTransactions implements TransactionalOperator {

    private final TransactionalOperator operator;

    WholeTransactions(ReactiveTransactionManager transactions) {
        this.operator = TransactionalOperator.create(transactions);
    }

    @Override
    public <T> Flux<T> transactional(Flux<T> work) {
        return toItsEnd(operator.transactional(work).collectList()).flatMapIterable(all -> all);
    }

    @Override
    public <T> Mono<T> transactional(Mono<T> work) {
        return toItsEnd(operator.transactional(work));
    }

    @Override
    public <T> Flux<T> execute(TransactionCallback<T> work) {
        return toItsEnd(operator.execute(work).collectList()).flatMapIterable(all -> all);
    }

    private static <T> Mono<T> toItsEnd(Mono<T> work) {
        return Mono.deferContextual(
                context -> Mono.fromFuture(work.contextWrite(context).toFuture(), true));
    }
}
