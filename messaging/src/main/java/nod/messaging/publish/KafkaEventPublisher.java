package nod.messaging.publish;

import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.messaging.event.StoredEvent;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ProducerFactory;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Publishes through one Kafka producer. {@code send} can block while metadata is missing or the
 * buffer is full, so it runs on a thread of its own behind a bounded queue.
 */
public final class KafkaEventPublisher implements EventPublisher, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(KafkaEventPublisher.class);

    /** Bounds the memory of an outage: 10,000 events of at most a few KiB each. */
    private static final int CAPACITY = 10_000;

    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    private record Pending(
            Supplier<ProducerRecord<String, byte[]>> record,
            CompletableFuture<Void> acknowledged) {}

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
        return enqueue(() -> codec.encode(envelope));
    }

    @Override
    public CompletableFuture<Void> publish(StoredEvent event) {
        return enqueue(() -> codec.encode(event));
    }

    private CompletableFuture<Void> enqueue(Supplier<ProducerRecord<String, byte[]>> record) {
        var pending = new Pending(record, new CompletableFuture<>());
        if (!queue.offer(pending)) {
            pending.acknowledged.completeExceptionally(
                    new RejectedExecutionException(CAPACITY + " events wait to be published"));
        }
        return pending.acknowledged;
    }

    private void run() {
        while (running || !queue.isEmpty()) {
            try (var producer = producers.createProducer()) {
                sendQueued(producer);
            } catch (InterruptedException stopped) {
                break;
            } catch (RuntimeException failure) {
                // No client can be made while no broker's name resolves, for instance.
                log.warn("No producer could be made, tries again: {}", failure.toString());
                abandonQueued();
                pause();
            }
        }
        abandonQueued();
    }

    private void sendQueued(Producer<String, byte[]> producer) throws InterruptedException {
        var log = health.replacements();
        while (running || !queue.isEmpty()) {
            if (log != health.replacements()) {
                // The producer is known to a Kafka that is gone. Closes it, too.
                producers.reset();
                return;
            }
            var next = queue.poll(100, TimeUnit.MILLISECONDS);
            if (next != null) {
                send(producer, next);
            }
        }
        // The factory keeps the producer open until later: what was sent is awaited here.
        producer.flush();
    }

    private void send(Producer<String, byte[]> producer, Pending pending) {
        try {
            producer.send(
                    pending.record.get(),
                    (metadata, failure) -> {
                        if (failure == null) {
                            health.acknowledged();
                            pending.acknowledged.complete(null);
                        } else {
                            pending.acknowledged.completeExceptionally(failure);
                        }
                    });
        } catch (RuntimeException failure) {
            // Only this event fails, whatever is wrong with it: those behind it go on.
            pending.acknowledged.completeExceptionally(failure);
        }
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(RECONNECT.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void abandonQueued() {
        for (var next = queue.poll(); next != null; next = queue.poll()) {
            next.acknowledged.completeExceptionally(
                    new RejectedExecutionException("no event could be published"));
        }
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofPlatform().name("event-publisher").start(this::run);
    }

    /** Sends what is queued and waits for its acknowledgement, for a while. */
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
