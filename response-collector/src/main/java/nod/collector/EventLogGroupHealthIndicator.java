package nod.collector;

import nod.messaging.consume.EventConsumer;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;

import java.util.List;

/** Part of the readiness: whether every consumer has joined its group. */
@Component
final class EventLogGroupHealthIndicator implements HealthIndicator {

    private final List<EventConsumer<?>> consumers;

    EventLogGroupHealthIndicator(List<EventConsumer<?>> consumers) {
        this.consumers = consumers;
    }

    @Override
    public Health health() {
        return consumers.stream().allMatch(EventConsumer::isAssigned)
                ? Health.up().build()
                : Health.down().withDetail("expected", "every consumer in its group").build();
    }
}
