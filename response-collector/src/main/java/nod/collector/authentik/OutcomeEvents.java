package nod.collector.authentik;

import nod.collector.CollectorSettings;
import nod.collector.CollectorSettings.Authentik;
import nod.collector.delivery.Deliveries;
import nod.collector.delivery.Deliveries.Note;
import nod.messaging.consume.EventHandler;
import nod.messaging.event.Envelope;
import nod.schemas.event.OutcomeDecided;

import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

import tools.jackson.databind.json.JsonMapper;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Notes the event of each outcome, and sends nothing: whatever becomes of authentik, the topic is
 * read on.
 */
@Component
final class OutcomeEvents implements EventHandler<OutcomeDecided> {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Deliveries deliveries;
    private final Logins logins;
    private final Authentik authentik;

    OutcomeEvents(Deliveries deliveries, Logins logins, CollectorSettings settings) {
        this.deliveries = deliveries;
        this.logins = logins;
        this.authentik = settings.authentik();
    }

    /** The batch is one statement: its events are noted, or fail, together. */
    @Override
    public List<CompletionStage<?>> handle(List<Envelope<OutcomeDecided>> batch) {
        CompletionStage<?> noted =
                authentik.isConfigured()
                        ? noted(batch).toFuture()
                        : CompletableFuture.completedFuture(null);
        return Collections.nCopies(batch.size(), noted);
    }

    private Mono<Void> noted(List<Envelope<OutcomeDecided>> batch) {
        var transactions = batch.stream().map(outcome -> outcome.event().txId()).toList();
        return logins.of(transactions)
                .flatMap(
                        found ->
                                deliveries.note(
                                        batch.stream().map(one -> note(one, found)).toList()));
    }

    private Note note(Envelope<OutcomeDecided> outcome, Map<UUID, Login> found) {
        var login = found.getOrDefault(outcome.event().txId(), Login.UNKNOWN);
        var body = JSON.writeValueAsString(AuthentikEvent.of(outcome.event(), login));
        return new Note(Authentik.ENDPOINT, outcome, body, authentik.retryFor());
    }
}
