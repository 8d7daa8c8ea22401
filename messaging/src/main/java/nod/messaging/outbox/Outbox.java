package nod.messaging.outbox;

import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.messaging.event.Traceparent;
import nod.schemas.event.Event;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;

import reactor.core.publisher.Mono;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Commits events together with the state they speak of, and has them published after the commit.
 * Thread-safe.
 */
public final class Outbox {

    private static final String INSERT =
            """
            INSERT INTO outbox (id, producer, topic, key, traceparent, payload)
            SELECT id, producer, topic, key, :trace, payload
            FROM unnest(:ids, :producers, :topics, :keys, :payloads)
                AS event (id, producer, topic, key, payload)
            RETURNING created
            """;

    private final DatabaseClient database;
    private final EventCodec codec;
    private final OutboxRelay relay;

    Outbox(DatabaseClient database, EventCodec codec, OutboxRelay relay) {
        this.database = database;
        this.codec = codec;
        this.relay = relay;
    }

    /**
     * Writes the events with the running transaction; they are published once it is committed, with
     * the trace of the Reactor context.
     *
     * @return fails where no transaction runs
     */
    public Mono<Void> append(List<? extends Event> events) {
        if (events.isEmpty()) {
            return Mono.empty();
        }
        return Mono.deferContextual(
                context -> {
                    var trace = Traceparent.from(context);
                    var ids = events.stream().map(_ -> UUID.randomUUID()).toList();
                    return insert(events, ids, trace)
                            .flatMap(
                                    created -> afterCommit(envelopes(events, ids, trace, created)));
                });
    }

    /** {@link #append(List)} of one event. */
    public Mono<Void> append(Event event) {
        return append(List.of(event));
    }

    private Mono<Instant> insert(List<? extends Event> events, List<UUID> ids, Traceparent trace) {
        return database.sql(INSERT)
                .bind("trace", trace.value())
                .bind("ids", ids.toArray(UUID[]::new))
                .bind(
                        "producers",
                        texts(
                                events.stream()
                                        .map(e -> e.topic().producer().serviceName())
                                        .toList()))
                .bind("topics", texts(events.stream().map(e -> e.topic().topicName()).toList()))
                .bind("keys", texts(events.stream().map(Event::key).toList()))
                .bind("payloads", texts(events.stream().map(codec::toJson).toList()))
                .map(row -> Objects.requireNonNull(row.get(0, Instant.class)))
                .all()
                .last();
    }

    private static String[] texts(List<String> values) {
        return values.toArray(String[]::new);
    }

    private static List<Envelope<?>> envelopes(
            List<? extends Event> events, List<UUID> ids, Traceparent trace, Instant created) {
        var envelopes = new ArrayList<Envelope<?>>(events.size());
        for (int i = 0; i < events.size(); i++) {
            envelopes.add(new Envelope<>(ids.get(i), created, trace, events.get(i)));
        }
        return envelopes;
    }

    private Mono<Void> afterCommit(List<Envelope<?>> envelopes) {
        return TransactionSynchronizationManager.forCurrentTransaction()
                .doOnNext(
                        transaction ->
                                transaction.registerSynchronization(
                                        new TransactionSynchronization() {
                                            @Override
                                            public Mono<Void> afterCommit() {
                                                return Mono.fromRunnable(
                                                        () -> envelopes.forEach(relay::publish));
                                            }
                                        }))
                .then();
    }
}
