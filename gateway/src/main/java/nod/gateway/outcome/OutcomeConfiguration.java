package nod.gateway.outcome;

import nod.messaging.consume.EventConsumer;
import nod.messaging.consume.EventConsumers;
import nod.messaging.consume.EventTail;
import nod.messaging.consume.Pace;
import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.DeliveryReported;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.Topic;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the gateway reads of the event log. */
@Configuration(proxyBeanMethods = false)
class OutcomeConfiguration {

    /** Each report is written once: the instances share the topic. */
    @Bean
    EventConsumer<DeliveryReported> deliveryReportConsumer(
            EventConsumers consumers, DeliveryReports reports) {
        return consumers.inGroup(
                ConsumerGroup.GATEWAY,
                Topic.DELIVERY_REPORTED,
                DeliveryReported.class,
                Pace.GATHERED,
                reports);
    }

    /** Each instance hears every outcome: it does not know who waits elsewhere. */
    @Bean
    EventTail<OutcomeDecided> outcomeTail(EventConsumers consumers, News news) {
        return consumers.tail(Topic.OUTCOME_DECIDED, OutcomeDecided.class, news.outcomes());
    }

    /** And every report, for the same reason. */
    @Bean
    EventTail<DeliveryReported> deliveryTail(EventConsumers consumers, News news) {
        return consumers.tail(Topic.DELIVERY_REPORTED, DeliveryReported.class, news.deliveries());
    }
}
