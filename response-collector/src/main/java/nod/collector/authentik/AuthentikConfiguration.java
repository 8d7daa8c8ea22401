package nod.collector.authentik;

import nod.collector.CollectorSettings;
import nod.collector.CollectorSettings.Authentik;
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

import java.util.List;

/** Listens for outcomes, and looks after what authentik was not told. */
@Configuration(proxyBeanMethods = false)
class AuthentikConfiguration {

    @Bean
    EventConsumer<OutcomeDecided> outcomesForAuthentik(
            EventConsumers consumers, OutcomeEvents events) {
        return consumers.inGroup(
                ConsumerGroup.RESPONSE_COLLECTOR_AUTHENTIK,
                Topic.OUTCOME_DECIDED,
                OutcomeDecided.class,
                Pace.GATHERED,
                events);
    }

    @Bean
    Backlog authentikBacklog(
            Deliveries deliveries, AuthentikMetrics metrics, CollectorSettings settings) {
        List<String> names =
                settings.authentik().isConfigured() ? List.of(Authentik.ENDPOINT) : List.of();
        return new Backlog("authentik-backlog", deliveries, metrics, names);
    }
}
