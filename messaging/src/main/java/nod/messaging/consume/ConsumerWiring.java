package nod.messaging.consume;

import io.micrometer.core.instrument.MeterRegistry;

import nod.messaging.event.EventCodec;
import nod.messaging.trace.Tracing;

import org.springframework.kafka.core.ConsumerFactory;

import java.time.Duration;

/**
 * What every consumer of a service shares.
 *
 * @param window records in flight a partition, at most about one poll more
 * @param maxAttempts how often a record is tried whose failure is not transient
 * @param drain how long a stopping consumer waits for what is in flight
 */
record ConsumerWiring(
        ConsumerFactory<String, byte[]> consumers,
        EventCodec codec,
        DeadLetters deadLetters,
        MeterRegistry metrics,
        Tracing tracing,
        int window,
        int maxAttempts,
        Duration drain) {}
