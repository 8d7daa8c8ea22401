package nod.collector.webhook;

import nod.collector.CollectorSettings;
import nod.collector.CollectorSettings.Webhook;
import nod.collector.delivery.Deliveries;
import nod.collector.delivery.Deliveries.Note;
import nod.messaging.consume.EventHandler;
import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.schemas.event.OutcomeDecided;

import org.springframework.stereotype.Component;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/**
 * Notes each outcome for the endpoints that want it, and sends nothing: whatever becomes of them,
 * the topic is read on.
 */
@Component
final class OutcomeNotes implements EventHandler<OutcomeDecided> {

    private final Deliveries deliveries;
    private final EventCodec codec;
    private final Map<String, Webhook> webhooks;

    OutcomeNotes(Deliveries deliveries, EventCodec codec, CollectorSettings settings) {
        this.deliveries = deliveries;
        this.codec = codec;
        this.webhooks = settings.webhooks();
    }

    /** The batch is one statement: its events are noted, or fail, together. */
    @Override
    public List<CompletionStage<?>> handle(List<Envelope<OutcomeDecided>> batch) {
        var notes = batch.stream().flatMap(this::notes).toList();
        CompletionStage<?> noted =
                notes.isEmpty()
                        ? CompletableFuture.completedFuture(null)
                        : deliveries.note(notes).toFuture();
        return Collections.nCopies(batch.size(), noted);
    }

    private Stream<Note> notes(Envelope<OutcomeDecided> outcome) {
        return webhooks.entrySet().stream()
                .filter(webhook -> webhook.getValue().wants(outcome.event()))
                .map(
                        webhook ->
                                new Note(
                                        webhook.getKey(),
                                        outcome,
                                        body(outcome.event()),
                                        webhook.getValue().retryFor()));
    }

    /** The shape that Standard Webhooks recommends; the data is the event as the topic has it. */
    private String body(OutcomeDecided outcome) {
        return "{\"type\":\"%s\",\"timestamp\":\"%s\",\"data\":%s}"
                .formatted(outcome.topic().topicName(), outcome.decided(), codec.toJson(outcome));
    }
}
