package nod.gateway.transaction;

import static java.util.Objects.requireNonNull;

import io.r2dbc.spi.Readable;

import nod.messaging.event.Traceparent;
import nod.messaging.outbox.Outbox.Traced;
import nod.schemas.event.Actor;
import nod.schemas.event.TransactionWithdrawn;
import nod.schemas.event.Withdrawal;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes transactions back: the other kind of claim beside an answer. Each method writes the claim
 * of those that nobody has claimed, and returns the events that tell of it, each with the trace of
 * its transaction's start; all run in the caller's transaction.
 */
@Repository
public class Withdrawals {

    private final DatabaseClient database;

    Withdrawals(DatabaseClient database) {
        this.database = database;
    }

    /**
     * Withdraws the user's open transactions in favour of a newer one, as of the statement: its
     * transaction may have begun long before, and waited for the user's row. What has expired
     * meanwhile is left to that.
     */
    Flux<Traced> supersede(String user, Actor by) {
        return database.sql(
                        """
                        UPDATE transaction
                        SET claim = 'superseded', claimed_at = statement_timestamp()
                        WHERE user_id = :user AND %s AND expires > statement_timestamp()
                        RETURNING tx_id, claimed_at, traceparent
                        """
                                .formatted(OpenCondition.BY_USER))
                .bind("user", user)
                .map(row -> withdrawn(row, Withdrawal.SUPERSEDED, by))
                .all();
    }

    /** Withdraws one transaction; empty where it is claimed, decided, expired or unknown. */
    Mono<Traced> cancel(UUID txId, Actor by) {
        return database.sql(
                        """
                        UPDATE transaction SET claim = 'cancelled', claimed_at = now()
                        WHERE tx_id = :tx AND %s
                        RETURNING tx_id, claimed_at, traceparent
                        """
                                .formatted(OpenCondition.BY_ID))
                .bind("tx", txId)
                .map(row -> withdrawn(row, Withdrawal.CANCELLED, by))
                .one();
    }

    /**
     * Takes a device off the open transactions that ask it; those that are left without a device
     * are withdrawn and returned. The caller holds the row of the device's user.
     */
    public Flux<Traced> takeOffOpenTransactions(UUID device, Actor by) {
        return database.sql(
                        """
                        UPDATE transaction
                        SET devices = array_remove(devices, :device),
                            claim = CASE WHEN devices = ARRAY[:device] THEN 'cancelled' END,
                            claimed_at = CASE WHEN devices = ARRAY[:device] THEN now() END
                        WHERE user_id = (SELECT user_id FROM device WHERE pk = :device)
                          AND :device = ANY(devices) AND %s
                        RETURNING tx_id, claimed_at, traceparent
                        """
                                .formatted(OpenCondition.BY_USER))
                .bind("device", device)
                .map(
                        row ->
                                row.get("claimed_at") == null
                                        ? Optional.<Traced>empty()
                                        : Optional.of(withdrawn(row, Withdrawal.CANCELLED, by)))
                .all()
                .flatMap(Mono::justOrEmpty);
    }

    private static Traced withdrawn(Readable row, Withdrawal withdrawal, Actor by) {
        var event =
                new TransactionWithdrawn(
                        requireNonNull(row.get("tx_id", UUID.class)),
                        withdrawal,
                        requireNonNull(row.get("claimed_at", Instant.class)),
                        by);
        return new Traced(Traceparent.of(row.get("traceparent", String.class)), event);
    }
}
