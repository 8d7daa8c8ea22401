package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

import java.time.Instant;
import java.util.UUID;

/**
 * A phone answered. Happens when an answer claimed its transaction, and when a report came late.
 *
 * @param txId the transaction, also the record key
 * @param device the device that answered
 * @param answer the kind of answer; the item itself stays in the database
 * @param at when, by the database's clock
 * @param late true for a report that came after the transaction was closed: it decides nothing
 */
public record ResponseReceived(
        @JsonProperty("tx_id") UUID txId, UUID device, Answer answer, Instant at, boolean late)
        implements Event {

    @Override
    public Topic topic() {
        return Topic.RESPONSE_RECEIVED;
    }

    @Override
    public String key() {
        return txId.toString();
    }
}
