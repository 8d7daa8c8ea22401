package nod.collector.webhook;

import nod.collector.CollectorSettings;
import nod.collector.CollectorSettings.Webhook;
import nod.collector.delivery.Deliveries;
import nod.collector.delivery.DeliveryLoop;
import nod.collector.delivery.Endpoint;
import nod.collector.delivery.Terms;
import nod.collector.delivery.Turns;

import org.springframework.stereotype.Component;

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.time.Duration;
import java.util.List;

/** Has each webhook told what is due, again and again. */
@Component
final class WebhookLoop extends DeliveryLoop {

    /** Of the service's connections to the database. */
    private static final int STATEMENTS = 2;

    private static final int LOOKUPS = 8;
    private static final int WAITING_LOOKUPS = 1_000;

    private static final Duration LONGEST_WAIT = Duration.ofHours(4);

    private final Scheduler lookups;

    WebhookLoop(
            Deliveries deliveries,
            WebhookMetrics metrics,
            NameLookup names,
            CollectorSettings settings) {
        var lookups = Schedulers.newBoundedElastic(LOOKUPS, WAITING_LOOKUPS, "webhook-names");
        super(
                "webhooks",
                settings.deliveries().interval(),
                endpoints(deliveries, metrics, names, settings, lookups));
        this.lookups = lookups;
    }

    private static List<Endpoint> endpoints(
            Deliveries deliveries,
            WebhookMetrics metrics,
            NameLookup names,
            CollectorSettings settings,
            Scheduler lookups) {
        var turns = new Turns(STATEMENTS);
        return settings.webhooks().entrySet().stream()
                .map(
                        one -> {
                            var name = one.getKey();
                            var webhook = one.getValue();
                            var client = new WebhookClient(name, webhook, names, lookups);
                            return new Endpoint(
                                    terms(name, webhook), client, deliveries, turns, metrics);
                        })
                .toList();
    }

    private static Terms terms(String name, Webhook webhook) {
        return new Terms(
                name,
                "Webhook " + name,
                webhook.maxInFlight(),
                webhook.timeout(),
                LONGEST_WAIT,
                Duration.ZERO);
    }

    @Override
    public void stop() {
        super.stop();
        lookups.dispose();
    }
}
