package nod.gateway.outcome;

import nod.gateway.transaction.MobileTransaction.Delivery;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Waits for the decision alone. */
final class DecisionWatcher implements Watcher {

    private final Sinks.Empty<Void> woken = Sinks.empty();

    /** Completes when there is reason to look at the row. */
    Mono<Void> woken() {
        return woken.asMono();
    }

    @Override
    public void decided() {
        woken.tryEmitEmpty();
    }

    @Override
    public void delivered(Delivery delivery) {
        // It waits for something else.
    }

    @Override
    public void stopped() {
        woken.tryEmitEmpty();
    }

    @Override
    public boolean followsDeliveries() {
        return false;
    }
}
