package nod.gateway.lock;

import nod.messaging.consume.EventConsumer;
import nod.messaging.consume.EventConsumers;
import nod.messaging.consume.Pace;
import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.Topic;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the pauses read of the event log. */
@Configuration(proxyBeanMethods = false)
class LockConfiguration {

    /** The instances share the outcomes: each pause is written once. */
    @Bean
    EventConsumer<OutcomeDecided> pauseConsumer(
            EventConsumers consumers, PausesAfterOutcomes pauses) {
        return consumers.inGroup(
                ConsumerGroup.GATEWAY_PAUSES,
                Topic.OUTCOME_DECIDED,
                OutcomeDecided.class,
                Pace.GATHERED,
                pauses);
    }
}
