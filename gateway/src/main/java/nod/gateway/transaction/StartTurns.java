package nod.gateway.transaction;

import io.micrometer.core.instrument.MeterRegistry;

import nod.gateway.GatewaySettings;
import nod.gateway.web.Refusal;

import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolAcquireTimeoutException;
import reactor.pool.PoolBuilder;
import reactor.pool.PooledRef;

import java.time.Duration;

/**
 * Lets so many starts work alone at a time, and the others wait for their turn. Such a start holds
 * a connection to the database, and for long where it waits for its user's row: without a bound
 * there were none left for what ends logins, and those that have begun would expire while still
 * more begin. Thread-safe.
 */
@Component
class StartTurns {

    /** As long as for a connection, by the default of spring.r2dbc.pool.max-acquire-time. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final InstrumentedPool<Object> turns;
    private final Crowd crowd;

    StartTurns(GatewaySettings settings, MeterRegistry metrics) {
        turns =
                PoolBuilder.from(Mono.fromSupplier(Object::new))
                        .sizeBetween(0, settings.transaction().startsAtOnce())
                        .buildPool();
        crowd = new Crowd("alone", turns.metrics()::pendingAcquireSize, metrics);
    }

    /**
     * Does it when its turn has come. Who cancels has it done nevertheless: it can't be stopped
     * half-way, and keeps its turn until it ends.
     *
     * @return fails with a {@link Refusal} where no turn came within two seconds
     */
    <T> Mono<T> take(Mono<T> start) {
        var inTurn =
                Mono.usingWhen(turns.acquire(PATIENCE), _ -> start, PooledRef::release)
                        .onErrorMap(PoolAcquireTimeoutException.class, _ -> crowd.oneTooMany());
        return Mono.deferContextual(
                context -> Mono.fromFuture(inTurn.contextWrite(context).toFuture(), true));
    }
}
