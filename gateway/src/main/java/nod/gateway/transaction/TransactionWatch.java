package nod.gateway.transaction;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.UUID;

/** Follows transactions until they are decided. Thread-safe. */
public interface TransactionWatch {

    /**
     * The transaction once it is decided, or as it stands when the time is over or this instance is
     * about to stop.
     *
     * @param longest how long to wait; zero: not at all
     * @return empty where there is no such transaction
     */
    Mono<MobileTransaction> await(UUID txId, Duration longest);

    /**
     * The transaction as it stands, and then at each change of its status or of how a device was
     * reached. Completes with the decision, or when this instance is about to stop; changes that
     * follow each other faster than they are read may be told as one.
     *
     * @return empty where there is no such transaction
     */
    Flux<MobileTransaction> changes(UUID txId);
}
