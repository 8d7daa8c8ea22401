package nod.collector.outcome;

import io.r2dbc.spi.Readable;

import nod.messaging.outbox.Outbox;
import nod.schemas.event.OutcomeDecided;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Writes decisions, each with the event that tells it. Thread-safe. */
@Component
public final class Decisions {

    /**
     * One statement for any mix of verdicts, and for the events that tell them. It matches a row
     * only while it waits and carries the very claim that was judged: of two that decide, the
     * second finds nothing.
     */
    private static final String DECIDE =
            """
            WITH fact AS (
                UPDATE transaction AS t
                SET status = d.status, reason = d.reason, answered_by = d.device, decided = now()
                FROM unnest(:ids, :claims, :devices, :statuses, :reasons)
                    AS d (tx_id, claim, device, status, reason)
                WHERE t.tx_id = d.tx_id AND t.tx_id = ANY(:ids)
                  AND t.decided IS NULL
                  AND t.claim IS NOT DISTINCT FROM d.claim
                  AND (t.claim IS DISTINCT FROM 'answer' OR t.claimed_by = d.device)
                RETURNING t.tx_id, t.user_id, t.created, t.decided,
                    coalesce(t.claimed_at, t.expires) AS closed,
                    CAST(t.tx_id AS text) AS key, CAST(NULL AS text) AS trace,
                    jsonb_build_object('user', t.user_id, 'created', %s, 'decided', %s) AS known
            )
            """
                    .formatted(Outbox.time("t.created"), Outbox.time("t.decided"));

    private final Outbox outbox;
    private final OutcomeMetrics metrics;

    Decisions(Outbox outbox, OutcomeMetrics metrics) {
        this.outbox = outbox;
        this.metrics = metrics;
    }

    /**
     * Decides what is still open: in the running transaction, or in one of its own.
     *
     * @param decisions at most one a transaction
     * @return what was decided by this very call
     */
    public Mono<List<Decided>> write(List<Decision> decisions) {
        if (decisions.isEmpty()) {
            return Mono.just(List.of());
        }
        // In one order everywhere, so that two that write the same rows don't lock each other out.
        var sorted = decisions.stream().sorted(Comparator.comparing(Decision::txId)).toList();
        var byId = sorted.stream().collect(Collectors.toMap(Decision::txId, Function.identity()));
        return outbox.tell(
                DECIDE,
                statement -> bind(statement, sorted),
                sorted.stream().map(Decisions::told).toList(),
                row -> decided(row, byId));
    }

    /** Counts decisions; to be called once they are committed. */
    public void committed(List<Decided> decided) {
        decided.forEach(metrics::decided);
    }

    private static GenericExecuteSpec bind(GenericExecuteSpec statement, List<Decision> decisions) {
        return statement
                .bind("ids", decisions.stream().map(Decision::txId).toArray(UUID[]::new))
                .bind("claims", texts(decisions, Decisions::claim))
                .bind("devices", decisions.stream().map(Decisions::device).toArray(UUID[]::new))
                .bind("statuses", texts(decisions, decision -> decision.verdict().status().text()))
                .bind("reasons", texts(decisions, Decisions::reason));
    }

    private static Outbox.Traced told(Decision decision) {
        return new Outbox.Traced(
                decision.trace(), outcome(decision, "", Outbox.UNKNOWN, Outbox.UNKNOWN));
    }

    private static OutcomeDecided outcome(
            Decision decision, String user, Instant created, Instant decided) {
        return new OutcomeDecided(
                decision.txId(),
                user,
                decision.verdict().status(),
                decision.verdict().reason(),
                device(decision),
                created,
                decided);
    }

    private static @Nullable String[] texts(
            List<Decision> decisions, Function<Decision, @Nullable String> text) {
        return decisions.stream().map(text).toArray(String[]::new);
    }

    private static @Nullable String claim(Decision decision) {
        return decision.claim() == null ? null : decision.claim().text();
    }

    private static @Nullable UUID device(Decision decision) {
        return decision.claim() instanceof Claim.Answered answered ? answered.device() : null;
    }

    private static @Nullable String reason(Decision decision) {
        var reason = decision.verdict().reason();
        return reason == null ? null : reason.text();
    }

    private static Decided decided(Readable row, Map<UUID, Decision> byId) {
        var decision = required(byId.get(required(row.get("tx_id", UUID.class))));
        return new Decided(
                outcome(
                        decision,
                        required(row.get("user_id", String.class)),
                        required(row.get("created", Instant.class)),
                        required(row.get("decided", Instant.class))),
                required(row.get("closed", Instant.class)));
    }

    private static <T> T required(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    /**
     * What was decided.
     *
     * @param outcome as it is told
     * @param closed when the transaction was claimed, or else when it expired
     */
    public record Decided(OutcomeDecided outcome, Instant closed) {}
}
