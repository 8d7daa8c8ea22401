package nod.messaging.consume;

import nod.messaging.event.Envelope;
import nod.messaging.event.UndecodableEventException;
import nod.messaging.trace.Detail;
import nod.messaging.trace.Kind;
import nod.messaging.trace.Span;
import nod.schemas.event.Event;
import nod.schemas.event.Topic;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Makes records events, and gives them to the handler. For one thread. */
final class Handover<E extends Event> {

    private final Topic topic;
    private final Class<E> type;
    private final String group;
    private final EventHandler<E> handler;
    private final ConsumerWiring wiring;
    private final String spanName;

    Handover(
            Topic topic,
            Class<E> type,
            String group,
            EventHandler<E> handler,
            ConsumerWiring wiring) {
        this.topic = topic;
        this.type = type;
        this.group = group;
        this.handler = handler;
        this.wiring = wiring;
        this.spanName = "process " + topic.topicName();
    }

    /** Whether the handler could do something about further events. */
    boolean hasRoom() {
        return handler.hasRoom();
    }

    /**
     * Hands over all of them at once.
     *
     * @param undecodable is told at once of each that is no such event
     * @param done is told once of each other, on any thread; the failure is null where there was
     *     none
     */
    void hand(
            List<Work> works,
            BiConsumer<Work, UndecodableEventException> undecodable,
            BiConsumer<Work, @Nullable Throwable> done) {
        var batch = new ArrayList<Work>(works.size());
        var envelopes = new ArrayList<Envelope<E>>(works.size());
        var spans = new ArrayList<Span>(works.size());
        for (var work : works) {
            try {
                var envelope = wiring.codec().decode(work.record(), type);
                var span = span(envelope);
                envelopes.add(envelope.in(span.trace()));
                spans.add(span);
                batch.add(work);
            } catch (UndecodableEventException failure) {
                undecodable.accept(work, failure);
            }
        }
        if (!batch.isEmpty()) {
            handle(batch, envelopes, spans, done);
        }
    }

    private Span span(Envelope<E> envelope) {
        return wiring.tracing()
                .step(Kind.CONSUMER, spanName, envelope.trace())
                .with(Detail.TOPIC, topic.topicName())
                .with(Detail.GROUP, group)
                .with(Detail.EVENT, envelope.id())
                .with(Detail.KEY, envelope.event().key());
    }

    private void handle(
            List<Work> batch,
            List<Envelope<E>> envelopes,
            List<Span> spans,
            BiConsumer<Work, @Nullable Throwable> done) {
        try {
            var stages = List.copyOf(handler.handle(envelopes));
            if (stages.size() != batch.size()) {
                throw new IllegalStateException(
                        "the handler answered %d of %d events"
                                .formatted(stages.size(), batch.size()));
            }
            for (int i = 0; i < batch.size(); i++) {
                var work = batch.get(i);
                var span = spans.get(i);
                stages.get(i)
                        .whenComplete((_, failure) -> span.end(failure))
                        .whenComplete((_, failure) -> done.accept(work, failure));
            }
        } catch (RuntimeException failure) {
            spans.forEach(span -> span.end(failure));
            batch.forEach(work -> done.accept(work, failure));
        }
    }
}
