package nod.collector.webhook;

import nod.collector.CollectorSettings;
import nod.messaging.sweep.SweepLoop;

import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.List;

/** Looks up how the endpoints stand, for the metrics. */
@Component
final class WebhookBacklog extends SweepLoop {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final Deliveries deliveries;
    private final WebhookMetrics metrics;
    private final List<String> endpoints;

    WebhookBacklog(Deliveries deliveries, WebhookMetrics metrics, CollectorSettings settings) {
        super("webhook-backlog", INTERVAL);
        this.deliveries = deliveries;
        this.metrics = metrics;
        this.endpoints = List.copyOf(settings.webhooks().keySet());
    }

    @Override
    protected boolean sweep() {
        if (!endpoints.isEmpty()) {
            metrics.stand(await(deliveries.standings(endpoints)));
        }
        return false;
    }
}
