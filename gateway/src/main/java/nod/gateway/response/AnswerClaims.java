package nod.gateway.response;

import static java.util.Objects.requireNonNull;

import io.r2dbc.spi.Readable;

import nod.gateway.transaction.OpenCondition;
import nod.messaging.event.Traceparent;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The claim that a phone's answer puts on a transaction. */
@Repository
class AnswerClaims {

    /**
     * The rows are held in one order everywhere, so that two that claim the same don't lock each
     * other out; what they say is looked at once more when they are held.
     */
    private static final String CLAIM_ALL =
            """
            WITH held AS (
                SELECT tx_id FROM transaction
                WHERE tx_id = ANY(:transactions) AND %1$s
                ORDER BY tx_id
                FOR NO KEY UPDATE
            )
            UPDATE transaction
            SET claim = 'answer', claimed_by = answer.device, claimed_item = answer.item,
                claimed_at = now()
            FROM unnest(:transactions, :devices, :items) AS answer (tx_id, device, item)
            WHERE transaction.tx_id = ANY(ARRAY(SELECT tx_id FROM held))
              AND transaction.tx_id = answer.tx_id AND %1$s
              AND answer.device = ANY(devices)
            RETURNING transaction.tx_id, claimed_at, traceparent
            """
                    .formatted(OpenCondition.BY_ID);

    private final DatabaseClient database;

    AnswerClaims(DatabaseClient database) {
        this.database = database;
    }

    /**
     * Claims a transaction for an answer: one conditional statement, so that of any number of
     * answers, withdrawals and sweeps exactly one wins.
     *
     * @return the claim; empty where it is claimed, decided, expired, unknown, or does not ask this
     *     device
     */
    Mono<Claimed> claim(GivenAnswer answer) {
        return database.sql(
                        """
                        UPDATE transaction
                        SET claim = 'answer', claimed_by = :device, claimed_item = :item,
                            claimed_at = now()
                        WHERE tx_id = :tx AND %s AND :device = ANY(devices)
                        RETURNING claimed_at, traceparent
                        """
                                .formatted(OpenCondition.BY_ID))
                .bind("tx", answer.txId())
                .bind("device", answer.device())
                .bind("item", answer.item())
                .map(AnswerClaims::claimed)
                .one();
    }

    /**
     * {@link #claim} for several transactions in one statement.
     *
     * @param answers at most one a transaction
     * @return the claim of each that was claimed
     */
    Mono<Map<UUID, Claimed>> claimAll(List<GivenAnswer> answers) {
        return database.sql(CLAIM_ALL)
                .bind("transactions", answers.stream().map(GivenAnswer::txId).toArray(UUID[]::new))
                .bind("devices", answers.stream().map(GivenAnswer::device).toArray(UUID[]::new))
                .bind("items", answers.stream().map(GivenAnswer::item).toArray(String[]::new))
                .map(row -> Map.entry(requireNonNull(row.get("tx_id", UUID.class)), claimed(row)))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    private static Claimed claimed(Readable row) {
        return new Claimed(
                requireNonNull(row.get("claimed_at", Instant.class)),
                Traceparent.of(row.get("traceparent", String.class)));
    }

    /**
     * A transaction that was claimed.
     *
     * @param at when, by the database's clock
     * @param start the trace of its start
     */
    record Claimed(Instant at, Traceparent start) {}

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
