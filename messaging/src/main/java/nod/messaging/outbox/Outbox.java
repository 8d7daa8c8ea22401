package nod.messaging.outbox;

import io.r2dbc.spi.Readable;

import nod.messaging.event.EventCodec;
import nod.messaging.event.StoredEvent;
import nod.messaging.event.Traceparent;
import nod.schemas.event.Event;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;

import reactor.core.publisher.Mono;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Commits events together with the state they speak of, and has them published after the commit.
 * Thread-safe.
 */
public final class Outbox {

    private static final String EVENTS =
            """
            unnest(:event_ids, :event_producers, :event_topics, :event_keys, :event_traces,
                :event_payloads) AS event (id, producer, topic, key, traceparent, payload)
            """;

    private static final String INSERT =
            """
            INSERT INTO outbox (id, producer, topic, key, traceparent, payload)
            SELECT id, producer, topic, key, traceparent, payload FROM %s
            RETURNING %s
            """
                    .formatted(EVENTS, EventRow.COLUMNS);

    /** Follows what the caller's statement says of the facts. */
    private static final String TELL =
            """
            , told AS (
                INSERT INTO outbox (id, producer, topic, key, traceparent, payload)
                SELECT event.id, event.producer, event.topic, event.key,
                    coalesce(fact.trace, event.traceparent),
                    CAST(CAST(event.payload AS jsonb) || fact.known AS text)
                FROM fact JOIN %s ON event.key = fact.key
                RETURNING %s
            )
            SELECT * FROM fact JOIN told ON told.event_key = fact.key
            """
                    .formatted(EVENTS, EventRow.COLUMNS);

    /** Stands in an event for a time that only the database knows. */
    public static final Instant UNKNOWN = Instant.EPOCH;

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
                .flatMap(_ -> insert(events))
                .flatMap(this::publishOnceCommitted);
    }

    private Mono<List<StoredEvent>> insert(List<Traced> events) {
        return bind(database.sql(INSERT), events).map(EventRow::event).all().collectList();
    }

    /**
     * Runs a statement that changes rows and writes an event for each of them: one way to the
     * database for both, and either both are there or neither. The events are published once that
     * is committed: with the running transaction, or at once where none runs.
     *
     * @param change the statement as far as its last query, {@code WITH … fact AS (…)}. Its facts
     *     are what was changed: {@code key}, that of the event; {@code known}, an object of jsonb
     *     with what only the database knows, which replaces whatever the event was given for it;
     *     {@code trace}, the traceparent that the event continues, or null for the one given with
     *     it
     * @param parameters binds what the statement takes
     * @param events one for each row that may be changed, by different keys; that of a row which is
     *     none of the facts is not written
     * @param row reads a fact
     * @return the facts
     */
    public <F> Mono<List<F>> tell(
            String change,
            UnaryOperator<GenericExecuteSpec> parameters,
            List<Traced> events,
            Function<Readable, F> row) {
        return bind(parameters.apply(database.sql(change + TELL)), events)
                .map(told -> new Told<>(row.apply(told), EventRow.event(told)))
                .all()
                .collectList()
                .flatMap(
                        all ->
                                publishOnceCommitted(all.stream().map(Told::event).toList())
                                        .thenReturn(all.stream().map(Told::fact).toList()));
    }

    private record Told<F>(F fact, StoredEvent event) {}

    /** What SQL makes of a time for an event: text by UTC, to the microsecond. */
    public static String time(String expression) {
        return "to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
                .formatted(expression);
    }

    private GenericExecuteSpec bind(GenericExecuteSpec statement, List<Traced> events) {
        return statement
                .bind("event_ids", events.stream().map(_ -> UUID.randomUUID()).toArray(UUID[]::new))
                .bind(
                        "event_producers",
                        texts(events, event -> event.topic().producer().serviceName()))
                .bind("event_topics", texts(events, event -> event.topic().topicName()))
                .bind("event_keys", texts(events, Event::key))
                .bind(
                        "event_traces",
                        events.stream().map(e -> e.trace().value()).toArray(String[]::new))
                .bind("event_payloads", texts(events, codec::toJson));
    }

    private static String[] texts(List<Traced> events, Function<Event, String> text) {
        return events.stream().map(Traced::event).map(text).toArray(String[]::new);
    }

    private Mono<Void> publishOnceCommitted(List<StoredEvent> events) {
        return TransactionSynchronizationManager.forCurrentTransaction()
                .doOnNext(transaction -> transaction.registerSynchronization(publishing(events)))
                .then()
                .onErrorResume(
                        NoTransactionException.class,
                        _ -> Mono.fromRunnable(() -> events.forEach(relay::publish)));
    }

    private TransactionSynchronization publishing(List<StoredEvent> events) {
        return new TransactionSynchronization() {
            @Override
            public Mono<Void> afterCommit() {
                return Mono.fromRunnable(() -> events.forEach(relay::publish));
            }
        };
    }
}
