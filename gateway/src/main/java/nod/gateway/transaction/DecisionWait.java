package nod.gateway.transaction;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.UUID;

/** Waits for decisions. */
public interface DecisionWait {

    /**
     * The transaction once it is decided, or as it stands when the time is over or this instance is
     * about to stop.
     *
     * @param longest how long to wait; zero: not at all
     * @return empty where there is no such transaction
     */
    Mono<MobileTransaction> await(UUID txId, Duration longest);
}
