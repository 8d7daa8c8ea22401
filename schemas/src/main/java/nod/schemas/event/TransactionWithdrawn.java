package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

import java.time.Instant;
import java.util.UUID;

/**
 * A transaction that nobody had answered was taken back. Happens on cancel, on a newer start for
 * the same user, and when the last asked device is removed.
 *
 * @param txId the transaction, also the record key
 * @param withdrawal why
 * @param at when, by the database's clock
 * @param by who caused it
 */
public record TransactionWithdrawn(
        @JsonProperty("tx_id") UUID txId, Withdrawal withdrawal, Instant at, Actor by)
        implements Event {

    @Override
    public Topic topic() {
        return Topic.TRANSACTION_WITHDRAWN;
    }

    @Override
    public String key() {
        return txId.toString();
    }
}
