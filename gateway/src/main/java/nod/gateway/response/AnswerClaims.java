package nod.gateway.response;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toUnmodifiableSet;

import io.r2dbc.spi.Readable;

import nod.gateway.transaction.OpenCondition;
import nod.messaging.event.Traceparent;
import nod.messaging.outbox.Outbox;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** The claim that a phone's answer puts on a transaction. */
@Repository
class AnswerClaims {

    /**
     * The rows are held in one order everywhere, so that two that claim the same don't lock each
     * other out; what they say is looked at once more when they are held.
     */
    private static final String CLAIM =
            """
            WITH held AS (
                SELECT tx_id FROM transaction
                WHERE tx_id = ANY(:transactions) AND %1$s
                ORDER BY tx_id
                FOR NO KEY UPDATE
            ), fact AS (
                UPDATE transaction
                SET claim = 'answer', claimed_by = answer.device, claimed_item = answer.item,
                    claimed_at = now()
                FROM unnest(:transactions, :devices, :items) AS answer (tx_id, device, item)
                WHERE transaction.tx_id = ANY(ARRAY(SELECT tx_id FROM held))
                  AND transaction.tx_id = answer.tx_id AND %1$s
                  AND answer.device = ANY(devices)
                RETURNING transaction.tx_id, CAST(transaction.tx_id AS text) AS key,
                    traceparent AS trace, jsonb_build_object('at', %2$s) AS known
            )
            """
                    .formatted(OpenCondition.BY_ID, Outbox.time("claimed_at"));

    private final DatabaseClient database;
    private final Outbox outbox;
    private final AnswerSteps steps;

    AnswerClaims(DatabaseClient database, Outbox outbox, AnswerSteps steps) {
        this.database = database;
        this.outbox = outbox;
        this.steps = steps;
    }

    /** {@link #claim(List)} of one. */
    Mono<Boolean> claim(GivenAnswer answer) {
        return claim(List.of(answer)).map(claimed -> claimed.contains(answer));
    }

    /**
     * Claims transactions for answers, and writes the events that tell it: one conditional
     * statement, so that of any number of answers, withdrawals and sweeps exactly one wins.
     *
     * @param answers at most one a transaction
     * @return those that claimed theirs; the others found it claimed, decided, expired, unknown, or
     *     not asking their device
     */
    Mono<Set<GivenAnswer>> claim(List<GivenAnswer> answers) {
        var byId = answers.stream().collect(toMap(GivenAnswer::txId, Function.identity()));
        return outbox.tell(
                        CLAIM,
                        statement -> bind(statement, answers),
                        answers.stream().map(GivenAnswer::told).toList(),
                        row -> claimed(row, byId))
                .map(claimed -> claimed.stream().map(steps::taken).collect(toUnmodifiableSet()));
    }

    private static GenericExecuteSpec bind(
            GenericExecuteSpec statement, List<GivenAnswer> answers) {
        return statement
                .bind("transactions", answers.stream().map(GivenAnswer::txId).toArray(UUID[]::new))
                .bind("devices", answers.stream().map(GivenAnswer::device).toArray(UUID[]::new))
                .bind("items", answers.stream().map(GivenAnswer::item).toArray(String[]::new));
    }

    private static Claimed claimed(Readable row, Map<UUID, GivenAnswer> byId) {
        return new Claimed(
                requireNonNull(byId.get(requireNonNull(row.get("tx_id", UUID.class)))),
                Traceparent.of(row.get("trace", String.class)));
    }

    /**
     * An answer that claimed its transaction.
     *
     * @param start the trace of the transaction's start
     */
    record Claimed(GivenAnswer answer, Traceparent start) {}

    /** The user of a transaction that this device can answer right now. */
    Mono<String> findOpen(UUID txId, UUID device) {
        return database.sql(
                        """
                        SELECT user_id FROM transaction
                        WHERE tx_id = :tx AND %s AND :device = ANY(devices)
                        """
                                .formatted(OpenCondition.BY_ID))
                .bind("tx", txId)
                .bind("device", device)
                .map(row -> requireNonNull(row.get("user_id", String.class)))
                .one();
    }

    /** Whether this very answer of this device is what claimed the transaction. */
    Mono<Boolean> isClaimedBy(GivenAnswer answer) {
        return database.sql(
                        """
                        SELECT 1 FROM transaction
                        WHERE tx_id = :tx AND claim = 'answer' AND claimed_by = :device
                          AND claimed_item = :item
                        """)
                .bind("tx", answer.txId())
                .bind("device", answer.device())
                .bind("item", answer.item())
                .fetch()
                .first()
                .hasElement();
    }

    /**
     * The user of a transaction that asked this device at most a day ago, and the time it is now.
     */
    Mono<Asked> findReportable(UUID txId, UUID device) {
        return database.sql(
                        """
                        SELECT user_id, now() AS at FROM transaction
                        WHERE tx_id = :tx AND :device = ANY(devices)
                          AND created > now() - interval '24 hours'
                        """)
                .bind("tx", txId)
                .bind("device", device)
                .map(
                        row ->
                                new Asked(
                                        requireNonNull(row.get("user_id", String.class)),
                                        requireNonNull(row.get("at", Instant.class))))
                .one();
    }

    /** A user who was asked, and the database's time. */
    record Asked(String user, Instant at) {}
}
