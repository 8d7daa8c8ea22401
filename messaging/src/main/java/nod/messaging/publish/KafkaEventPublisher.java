package nod.messaging.publish;

import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ProducerFactory;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Publishes through one Kafka producer. {@code send} can block while metadata is missing or the
 * buffer is full, so it runs on a thread of its own behind a bounded queue.
 */
public final class KafkaEventPublisher implements EventPublisher, SmartLifecycle {

    /** Bounds the memory of an outage: 10,000 events of at most a few KiB each. */
    private static final int CAPACITY = 10_000;

    private static final Duration DRAIN = Duration.ofSeconds(5);

    private record Pending(Envelope<?> envelope, CompletableFuture<Void> acknowledged) {}

    private final ProducerFactory<String, byte[]> producers;
    private final EventCodec codec;
    private final EventLogHealth health;
    private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(CAPACITY);
    private volatile boolean running;
    private Thread thread = new Thread();

    public KafkaEventPublisher(
            ProducerFactory<String, byte[]> producers, EventCodec codec, EventLogHealth health) {
        this.producers = producers;
        this.codec = codec;
        this.health = health;
    }

    @Override
    public CompletableFuture<Void> publish(Envelope<?> envelope) {
        var pending = new Pending(envelope, new CompletableFuture<>());
        if (!queue.offer(pending)) {
            pending.acknowledged.completeExceptionally(
                    new RejectedExecutionException(CAPACITY + " events wait to be published"));
        }
        return pending.acknowledged;
    }

    private void run() {
        try (var producer = producers.createProducer()) {
            while (running || !queue.isEmpty()) {
                var next = queue.poll(100, TimeUnit.MILLISECONDS);
                if (next != null) {
                    send(producer, next);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        queue.forEach(this::abandon);
    }

    private void send(Producer<String, byte[]> producer, Pending pending) {
        try {
            producer.send(
                    codec.encode(pending.envelope),
                    (metadata, failure) -> {
                        if (failure == null) {
                            health.acknowledged();
                            pending.acknowledged.complete(null);
                        } else {
                            pending.acknowledged.completeExceptionally(failure);
                        }
                    });
        } catch (KafkaException failure) {
            pending.acknowledged.completeExceptionally(failure);
        }
    }

    private void abandon(Pending pending) {
        pending.acknowledged.completeExceptionally(
                new RejectedExecutionException("the publisher was stopped"));
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofPlatform().name("event-publisher").start(this::run);
    }

    /** Sends what is queued, waits for its acknowledgement, then closes the producer. */
    @Override
    public void stop() {
        running = false;
        try {
            thread.join(DRAIN);
            thread.interrupt();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Starts before, and stops after, everything that publishes. */
    @Override
    public int getPhase() {
        return -100;
    }
}
