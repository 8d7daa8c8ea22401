package nod.gateway.outcome;

import nod.gateway.transaction.MobileTransaction;
import nod.gateway.transaction.MobileTransaction.Delivery;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Follows every change. What was heard of a delivery counts beside the row: the event may be heard
 * here before another instance has written it down.
 */
final class ChangeWatcher implements Watcher {

    private final Sinks.Many<Boolean> looks = Sinks.many().unicast().onBackpressureBuffer();
    private final Map<UUID, Delivery> heard = new ConcurrentHashMap<>();

    /**
     * An element at once and then whenever there is reason to look at the row; however many reasons
     * come while one is looked into, they make one more. For one subscriber.
     */
    Flux<Boolean> looks() {
        return looks.asFlux().startWith(true).onBackpressureLatest();
    }

    /** The row, with what was heard and is not written yet. */
    MobileTransaction withHeard(MobileTransaction row) {
        return row.withDeliveries(
                row.deliveries().stream()
                        .map(known -> known.orLater(heard.getOrDefault(known.device(), known)))
                        .toList());
    }

    @Override
    public void decided() {
        look();
    }

    @Override
    public void delivered(Delivery delivery) {
        var before = heard.get(delivery.device());
        var after = heard.merge(delivery.device(), delivery, Delivery::orLater);
        if (!after.equals(before)) {
            look();
        }
    }

    // Two threads at once would make the sink refuse one of them.
    private synchronized void look() {
        looks.tryEmitNext(true);
    }

    @Override
    public synchronized void stopped() {
        looks.tryEmitComplete();
    }

    @Override
    public boolean followsDeliveries() {
        return true;
    }
}
