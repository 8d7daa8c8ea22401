package nod.collector.delivery;

import reactor.core.publisher.Mono;

/** How one endpoint is told. Thread-safe. */
public interface Sender {

    /** Tries once. Never fails, and never takes longer than {@link Terms#longestTry()}. */
    Mono<Answer> tell(Attempt attempt);

    /** Closes its connections. */
    void close();
}
