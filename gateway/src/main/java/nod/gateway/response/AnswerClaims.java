package nod.gateway.response;

import static java.util.Objects.requireNonNull;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

import java.time.Instant;
import java.util.UUID;

/** The claim that a phone's answer puts on a transaction. */
@Repository
class AnswerClaims {

    private final DatabaseClient database;

    AnswerClaims(DatabaseClient database) {
        this.database = database;
    }

    /**
     * Claims a transaction for an answer: one conditional statement, so that of any number of
     * answers, withdrawals and sweeps exactly one wins.
     *
     * @return when it was claimed, by the database's clock; empty where it is claimed, decided,
     *     expired, unknown, or does not ask this device
     */
    Mono<Instant> claim(UUID txId, UUID device, String item) {
        return database.sql(
                        """
                        UPDATE transaction
                        SET claim = 'answer', claimed_by = :device, claimed_item = :item,
                            claimed_at = now()
                        WHERE tx_id = :tx AND status = 'wait' AND claim IS NULL AND expires > now()
                          AND :device = ANY(devices)
                        RETURNING claimed_at
                        """)
                .bind("tx", txId)
                .bind("device", device)
                .bind("item", item)
                .map(row -> requireNonNull(row.get("claimed_at", Instant.class)))
                .one();
    }

    /** The user of a transaction that this device can answer right now. */
    Mono<String> findOpen(UUID txId, UUID device) {
        return database.sql(
                        """
                        SELECT user_id FROM transaction
                        WHERE tx_id = :tx AND :device = ANY(devices)
                          AND status = 'wait' AND expires > now() AND claim IS NULL
                        """)
                .bind("tx", txId)
                .bind("device", device)
                .map(row -> requireNonNull(row.get("user_id", String.class)))
                .one();
    }

    /** Whether this very answer of this device is what claimed the transaction. */
    Mono<Boolean> isClaimedBy(UUID txId, UUID device, String item) {
        return database.sql(
                        """
                        SELECT 1 FROM transaction
                        WHERE tx_id = :tx AND claim = 'answer' AND claimed_by = :device
                          AND claimed_item = :item
                        """)
                .bind("tx", txId)
                .bind("device", device)
                .bind("item", item)
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
