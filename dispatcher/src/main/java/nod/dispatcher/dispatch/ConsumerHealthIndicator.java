package nod.dispatcher.dispatch;

import nod.messaging.consume.EventConsumer;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Up once this instance has joined the consumer group: a rolling restart that waits for it never
 * leaves the topic without a reader.
 */
final class ConsumerHealthIndicator implements HealthIndicator {

    private final EventConsumer<?> consumer;

    ConsumerHealthIndicator(EventConsumer<?> consumer) {
        this.consumer = consumer;
    }

    @Override
    public Health health() {
        return consumer.isAssigned()
                ? Health.up().build()
                : Health.outOfService().withDetail("group", "not joined yet").build();
    }
}
