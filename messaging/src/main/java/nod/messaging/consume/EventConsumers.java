package nod.messaging.consume;

import io.micrometer.core.instrument.MeterRegistry;

import nod.messaging.MessagingSettings;
import nod.messaging.event.EventCodec;
import nod.messaging.trace.Tracing;
import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.Event;
import nod.schemas.event.Topic;

import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Makes a service's readers of the event log. What it makes starts with the application context.
 */
public final class EventConsumers {

    private final ConsumerWiring wiring;

    public EventConsumers(
            ConsumerFactory<String, byte[]> consumers,
            ProducerFactory<String, byte[]> producers,
            EventCodec codec,
            MeterRegistry metrics,
            Tracing tracing,
            MessagingSettings settings) {
        this.wiring =
                new ConsumerWiring(
                        consumers,
                        codec,
                        new DeadLetters(producers, metrics),
                        metrics,
                        tracing,
                        settings.consumer().window(),
                        settings.consumer().maxAttempts(),
                        settings.consumer().drain());
    }

    /**
     * A member of {@code group}: the members share the topic's partitions among them.
     *
     * @throws IllegalArgumentException when the group does not read that topic
     */
    public <E extends Event> EventConsumer<E> inGroup(
            ConsumerGroup group, Topic topic, Class<E> type, Pace pace, EventHandler<E> handler) {
        if (!group.topics().contains(topic)) {
            throw new IllegalArgumentException(
                    "%s in the group %s: expected one of %s"
                            .formatted(topic, group.groupName(), group.topics()));
        }
        return inGroup(group.groupName(), topic, type, pace, handler);
    }

    <E extends Event> EventConsumer<E> inGroup(
            String group, Topic topic, Class<E> type, Pace pace, EventHandler<E> handler) {
        return new EventConsumer<>(topic, type, group, pace, handler, wiring);
    }

    /** A reader of every new event of the topic, whoever else reads them. */
    public <E extends Event> EventTail<E> tail(
            Topic topic, Class<E> type, EventTail.Listener<E> listener) {
        return new EventTail<>(topic, type, listener, wiring);
    }
}
