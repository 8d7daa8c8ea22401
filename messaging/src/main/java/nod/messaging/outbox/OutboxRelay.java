package nod.messaging.outbox;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.spi.Readable;

import nod.messaging.event.EventCodec;
import nod.messaging.event.StoredEvent;
import nod.messaging.publish.EventLogHealth;
import nod.messaging.publish.EventPublisher;
import nod.schemas.event.Topic.Producer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import tools.jackson.core.JacksonException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Brings committed events to Kafka and removes their rows once acknowledged.
 *
 * <p>What a transaction committed is published at once. What a crash or an outage left behind is
 * found by a sweep over this service's rows that are older than the sweep's age; several instances
 * share that work by skipping each other's locked rows. An event can arrive twice, with one id.
 */
public final class OutboxRelay implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

    private static final int BATCH = 500;

    /** Long enough to gather a batch under load, far shorter than the sweep's age. */
    private static final Duration GATHER = Duration.ofMillis(100);

    /** How long a stopping relay waits for acknowledgements; the next sweep finds the rest. */
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(1);

    /** Counted every second, by every instance: a long outage must not make that dear. */
    private static final int MOST_COUNTED = 10_000;

    static final String OLDEST = "nod.outbox.oldest";
    static final String SIZE = "nod.outbox.backlog";

    private static final String DELETE = "DELETE FROM outbox WHERE id = ANY(:ids)";

    private static final String LEFT_BEHIND =
            """
            SELECT %s FROM outbox
            WHERE producer = :producer AND created < now() - :age * interval '1 millisecond'
            ORDER BY created
            LIMIT %d
            FOR UPDATE SKIP LOCKED
            """
                    .formatted(EventRow.COLUMNS, BATCH);

    private static final String BACKLOG =
            """
            SELECT coalesce(extract(epoch FROM now() - min(created)), 0)::float8 AS age,
                count(*) AS size
            FROM (SELECT created FROM outbox WHERE producer = :producer ORDER BY created LIMIT %d)
            """
                    .formatted(MOST_COUNTED);

    private final Producer producer;
    private final Duration sweepAge;
    private final DatabaseClient database;
    private final TransactionalOperator transaction;
    private final EventCodec codec;
    private final EventPublisher publisher;
    private final EventLogHealth health;
    private final BlockingQueue<UUID> acknowledged = new LinkedBlockingQueue<>();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicLong oldestMillis = new AtomicLong();
    private final AtomicLong size = new AtomicLong();
    private volatile boolean running;
    private List<Thread> threads = List.of();

    OutboxRelay(
            Producer producer,
            Duration sweepAge,
            DatabaseClient database,
            TransactionalOperator transaction,
            EventCodec codec,
            EventPublisher publisher,
            EventLogHealth health,
            MeterRegistry metrics) {
        this.producer = producer;
        this.sweepAge = sweepAge;
        this.database = database;
        this.transaction = transaction;
        this.codec = codec;
        this.publisher = publisher;
        this.health = health;
        Gauge.builder(SIZE, size, AtomicLong::get)
                .description("Events that Kafka has not acknowledged, counted up to 10,000")
                .register(metrics);
        Gauge.builder(OLDEST, oldestMillis, age -> age.get() / 1000.0)
                .description("Age of the oldest event that Kafka has not acknowledged")
                .baseUnit("seconds")
                .register(metrics);
    }

    /** Publishes a committed event; one that fails is left to the sweep. Never blocks. */
    void publish(StoredEvent event) {
        unanswered.incrementAndGet();
        publisher
                .publish(event)
                .whenComplete(
                        (_, failure) -> {
                            if (failure == null) {
                                acknowledged.add(event.id());
                            } else {
                                log.debug("Event {} is left to the sweep", event.id(), failure);
                            }
                            unanswered.decrementAndGet();
                        });
    }

    private void removeAcknowledged() {
        var ids = new ArrayList<UUID>();
        while (running || unanswered.get() > 0 || !acknowledged.isEmpty()) {
            try {
                var first = acknowledged.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                TimeUnit.NANOSECONDS.sleep(GATHER.toNanos());
                ids.add(first);
                acknowledged.drainTo(ids, BATCH - 1);
                delete(ids).block(Duration.ofSeconds(5));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException failure) {
                // The rows stay, and the sweep publishes them once more with the same ids.
                log.warn("{} published events stay in the outbox for now", ids.size(), failure);
            } finally {
                ids.clear();
            }
        }
    }

    private void sweepForEver() {
        while (running) {
            try {
                TimeUnit.NANOSECONDS.sleep(SWEEP_INTERVAL.toNanos());
                measureBacklog();
                while (running && health.wasReachable() && sweep() == BATCH) {
                    log.info("Published {} events that were left behind", BATCH);
                }
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException failure) {
                if (!running) {
                    return;
                }
                log.warn("The outbox could not be swept, next try in {}", SWEEP_INTERVAL, failure);
            }
        }
    }

    private void measureBacklog() {
        database.sql(BACKLOG)
                .bind("producer", producer.serviceName())
                .map(this::measured)
                .one()
                .block(Duration.ofSeconds(5));
    }

    private Boolean measured(Readable row) {
        oldestMillis.set(Math.round(required(row.get("age", Double.class)) * 1000));
        size.set(required(row.get("size", Long.class)));
        return true;
    }

    /** Publishes one batch of events left behind; returns how many Kafka acknowledged. */
    int sweep() {
        var swept =
                leftBehind()
                        .collectList()
                        .flatMap(this::publishAndDelete)
                        .as(transaction::transactional)
                        .block(Duration.ofSeconds(30));
        return Objects.requireNonNull(swept);
    }

    private Flux<StoredEvent> leftBehind() {
        return database.sql(LEFT_BEHIND)
                .bind("producer", producer.serviceName())
                .bind("age", sweepAge.toMillis())
                .map(this::stored)
                .all()
                .flatMap(Mono::justOrEmpty);
    }

    /** Empty for a row that this version can't read: it must not hold back the others. */
    private Optional<StoredEvent> stored(Readable row) {
        try {
            var event = EventRow.event(row);
            // Only looked at: what it would become here lacks the fields of a newer version.
            codec.fromJson(event.topic(), event.json());
            return Optional.of(event);
        } catch (IllegalArgumentException | JacksonException unreadable) {
            log.error(
                    "Event {} of the outbox can't be read by this version",
                    EventRow.id(row),
                    unreadable);
            return Optional.empty();
        }
    }

    private static <T> T required(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    /** Rows whose event was not acknowledged stay for the next sweep. */
    private Mono<Integer> publishAndDelete(List<StoredEvent> events) {
        var published = new LinkedBlockingQueue<UUID>();
        var all =
                events.stream()
                        .map(
                                event ->
                                        publisher
                                                .publish(event)
                                                .thenRun(() -> published.add(event.id()))
                                                .exceptionally(_ -> null))
                        .toArray(CompletableFuture<?>[]::new);
        return Mono.fromFuture(CompletableFuture.allOf(all))
                .then(Mono.defer(() -> delete(List.copyOf(published))))
                .then(Mono.fromSupplier(published::size));
    }

    private Mono<Void> delete(List<UUID> ids) {
        return ids.isEmpty()
                ? Mono.empty()
                : database.sql(DELETE).bind("ids", ids.toArray(UUID[]::new)).then();
    }

    @Override
    public void start() {
        running = true;
        threads =
                List.of(
                        Thread.ofPlatform().name("outbox-removal").start(this::removeAcknowledged),
                        Thread.ofPlatform().name("outbox-sweep").start(this::sweepForEver));
    }

    @Override
    public void stop() {
        running = false;
        threads.get(1).interrupt();
        try {
            threads.get(0).join(DRAIN);
            threads.get(0).interrupt();
            threads.get(1).join(DRAIN);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return -50;
    }
}
