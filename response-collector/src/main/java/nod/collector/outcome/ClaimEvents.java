package nod.collector.outcome;

import nod.messaging.consume.EventConsumer;
import nod.messaging.consume.EventConsumers;
import nod.messaging.consume.EventHandler;
import nod.messaging.consume.Pace;
import nod.messaging.event.Envelope;
import nod.messaging.event.Traceparent;
import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.Event;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.Topic;
import nod.schemas.event.TransactionWithdrawn;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;

/** Listens for claims: answers, and transactions taken back. */
@Configuration(proxyBeanMethods = false)
class ClaimEvents {

    @Bean
    EventConsumer<ResponseReceived> responses(EventConsumers consumers, ClaimDecider decider) {
        return consumers.inGroup(
                ConsumerGroup.RESPONSE_COLLECTOR,
                Topic.RESPONSE_RECEIVED,
                ResponseReceived.class,
                Pace.AT_ONCE,
                responseHandler(decider));
    }

    @Bean
    EventConsumer<TransactionWithdrawn> withdrawals(
            EventConsumers consumers, ClaimDecider decider) {
        return consumers.inGroup(
                ConsumerGroup.RESPONSE_COLLECTOR,
                Topic.TRANSACTION_WITHDRAWN,
                TransactionWithdrawn.class,
                Pace.AT_ONCE,
                handler(decider, _ -> true, TransactionWithdrawn::txId));
    }

    /** A late report claimed nothing: it decides nothing. */
    static EventHandler<ResponseReceived> responseHandler(ClaimDecider decider) {
        return handler(decider, response -> !response.late(), ResponseReceived::txId);
    }

    private static <E extends Event> EventHandler<E> handler(
            ClaimDecider decider, Predicate<E> claims, Function<E, UUID> txId) {
        return batch -> all(batch, decider.decide(traces(batch, claims, txId)).toFuture());
    }

    /** The first event of a transaction is the one that its outcome continues. */
    private static <E extends Event> Map<UUID, Traceparent> traces(
            List<Envelope<E>> batch, Predicate<E> claims, Function<E, UUID> txId) {
        var traces = new HashMap<UUID, Traceparent>();
        batch.stream()
                .filter(envelope -> claims.test(envelope.event()))
                .forEach(
                        envelope ->
                                traces.putIfAbsent(txId.apply(envelope.event()), envelope.trace()));
        return traces;
    }

    /** The batch is one transaction: its events are done, or fail, together. */
    private static List<CompletionStage<?>> all(List<?> batch, CompletionStage<?> done) {
        return Collections.nCopies(batch.size(), done);
    }
}
