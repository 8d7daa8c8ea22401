package nod.collector.webhook;

import nod.messaging.consume.EventConsumer;
import nod.messaging.consume.EventConsumers;
import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.Topic;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.net.InetAddress;
import java.util.List;

/** Listens for outcomes. */
@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

    @Bean
    EventConsumer<OutcomeDecided> outcomes(EventConsumers consumers, OutcomeNotes notes) {
        return consumers.inGroup(
                ConsumerGroup.RESPONSE_COLLECTOR_WEBHOOKS,
                Topic.OUTCOME_DECIDED,
                OutcomeDecided.class,
                notes);
    }

    @Bean
    NameLookup nameLookup() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
