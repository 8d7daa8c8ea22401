package nod.messaging.consume;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import nod.schemas.event.Topic;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** What is measured of the member of a group, and under which names. Set on any thread. */
final class ConsumerMetrics {

    static final String IN_FLIGHT = "nod.consumer.in.flight";
    static final String LAG = "nod.consumer.lag";
    static final String ASSIGNED = "nod.consumer.assigned";

    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong lag = new AtomicLong();

    ConsumerMetrics(Topic topic, String group, BooleanSupplier assigned, MeterRegistry registry) {
        var tags = Tags.of("topic", topic.topicName(), "group", group);
        Gauge.builder(IN_FLIGHT, inFlight, AtomicInteger::get)
                .description("Records taken from the topic whose work is not done")
                .tags(tags)
                .register(registry);
        Gauge.builder(LAG, lag, AtomicLong::get)
                .description("Records of this member's partitions that are not done")
                .tags(tags)
                .register(registry);
        Gauge.builder(ASSIGNED, assigned, joined -> joined.getAsBoolean() ? 1 : 0)
                .description("1 while this member has joined its group")
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    /** So many more records are in work; fewer, where it is negative. */
    void taken(int more) {
        inFlight.addAndGet(more);
    }

    void behind(long records) {
        lag.set(records);
    }
}
