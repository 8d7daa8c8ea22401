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
import java.util.function.Function;

/**
 * Commits events together with the state they speak of, and has them published after the commit.
 * Thread-safe.
 */
public final class Outbox {

    private static final String INSERT =
            """
            INSERT INTO outbox (id, producer, topic, key, traceparent, payload)
            SELECT id, producer, topic, key, trace, payload
            FROM unnest(:ids, :producers, :topics, :keys, :traces, :payloads)
                AS event (id, producer, topic, key, trace, payload)
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
     * An event that continues a trace of its own.
     *
     * @param trace the trace of what caused it
     * @param event what happened
     */
    public record Traced(Traceparent trace, Event event) {}

    /**
     * Writes the events with the running transaction; they are published once it is committed, with
     * the trace of the Reactor context.
     *
     * @return fails where no transaction runs
     */
    public Mono<Void> append(List<? extends Event> events) {
        return Mono.deferContextual(
                context -> {
                    var trace = Traceparent.from(context);
                    return appendTraced(
                            events.stream().map(event -> new Traced(trace, event)).toList());
                });
    }

    /** {@link #append(List)} of one event. */
    public Mono<Void> append(Event event) {
        return append(List.of(event));
    }

    /**
     * Like {@link #append(List)}, for events that were caused by several others and are written
     * together: each continues its own trace.
     */
    public Mono<Void> appendTraced(List<Traced> events) {
        if (events.isEmpty()) {
            return Mono.empty();
        }
        // Asked for first: without a transaction nothing may be written at all.
        return TransactionSynchronizationManager.forCurrentTransaction()
                .flatMap(
                        transaction -> {
                            var ids = events.stream().map(_ -> UUID.randomUUID()).toList();
                            return insert(events, ids)
                                    .doOnNext(
                                            created ->
                                                    publishAfterCommit(
                                                            transaction,
                                                            envelopes(events, ids, created)))
                                    .then();
                        });
    }

    private Mono<Instant> insert(List<Traced> events, List<UUID> ids) {
        return database.sql(INSERT)
                .bind("ids", ids.toArray(UUID[]::new))
                .bind("producers", texts(events, event -> event.topic().producer().serviceName()))
                .bind("topics", texts(events, event -> event.topic().topicName()))
                .bind("keys", texts(events, Event::key))
                .bind("traces", events.stream().map(e -> e.trace().value()).toArray(String[]::new))
                .bind("payloads", texts(events, codec::toJson))
                .map(row -> Objects.requireNonNull(row.get(0, Instant.class)))
                .all()
                .last();
    }

    private static String[] texts(List<Traced> events, Function<Event, String> text) {
        return events.stream().map(Traced::event).map(text).toArray(String[]::new);
    }

    private static List<Envelope<?>> envelopes(
            List<Traced> events, List<UUID> ids, Instant created) {
        var envelopes = new ArrayList<Envelope<?>>(events.size());
        for (int i = 0; i < events.size(); i++) {
            var traced = events.get(i);
            envelopes.add(new Envelope<>(ids.get(i), created, traced.trace(), traced.event()));
        }
        return envelopes;
    }

    private void publishAfterCommit(
            TransactionSynchronizationManager transaction, List<Envelope<?>> envelopes) {
        transaction.registerSynchronization(
                new TransactionSynchronization() {
                    @Override
                    public Mono<Void> afterCommit() {
                        return Mono.fromRunnable(() -> envelopes.forEach(relay::publish));
                    }
                });
    }
}
