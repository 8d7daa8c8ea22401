package nod.collector.delivery;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolBuilder;

/**
 * Lets few work with the database at a time, however many are told: decisions share its connections
 * and wait for none of this. Thread-safe.
 */
public final class Turns {

    private final InstrumentedPool<Boolean> turns;

    public Turns(int atATime) {
        this.turns = PoolBuilder.from(Mono.just(true)).sizeBetween(0, atATime).buildPool();
    }

    /** The same work, begun when it is its turn; it brings at most one value. */
    <T> Mono<T> take(Mono<T> work) {
        return Flux.from(turns.withPoolable(_ -> work)).next();
    }
}
