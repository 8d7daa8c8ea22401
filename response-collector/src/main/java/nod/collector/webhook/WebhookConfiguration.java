package nod.collector.webhook;

import nod.collector.CollectorSettings;
import nod.collector.delivery.Backlog;
import nod.collector.delivery.Deliveries;
import nod.messaging.consume.EventConsumer;
import nod.messaging.consume.EventConsumers;
import nod.messaging.consume.Pace;
import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.Topic;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.net.InetAddress;
import java.util.List;

/** Listens for outcomes, and looks after what webhooks were not told. */
@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

    @Bean
    EventConsumer<OutcomeDecided> outcomesForWebhooks(
            EventConsumers consumers, OutcomeNotes notes) {
        return consumers.inGroup(
                ConsumerGroup.RESPONSE_COLLECTOR_WEBHOOKS,
                Topic.OUTCOME_DECIDED,
                OutcomeDecided.class,
                Pace.GATHERED,
                notes);
    }

    @Bean
    Backlog webhookBacklog(
            Deliveries deliveries, WebhookMetrics metrics, CollectorSettings settings) {
        var names = List.copyOf(settings.webhooks().keySet());
        return new Backlog("webhook-backlog", deliveries, metrics, names);
    }

    @Bean
    NameLookup nameLookup() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
