package nod.collector.delivery;

import nod.collector.CollectorSettings;
import nod.messaging.pruning.Prunable;

import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

import java.time.Duration;

/**
 * The deliveries whose time was over long ago, whatever came of them. One that is pending then is
 * of an endpoint that is disabled, or no longer configured.
 */
@Component
public final class PastDeliveries implements Prunable {

    private final Deliveries deliveries;
    private final Duration kept;

    PastDeliveries(Deliveries deliveries, CollectorSettings settings) {
        this.deliveries = deliveries;
        this.kept = settings.deliveries().kept();
    }

    @Override
    public String table() {
        return "webhook_delivery";
    }

    @Override
    public Mono<Long> prune(int limit) {
        return deliveries.prune(kept, limit);
    }
}
