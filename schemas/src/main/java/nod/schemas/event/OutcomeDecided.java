package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/**
 * The one final outcome of a transaction. Happens once, when its row is decided.
 *
 * @param txId the transaction, also the record key
 * @param user authentik's identifier of the person who was asked
 * @param status the outcome; never {@code wait}
 * @param reason why; null for {@code expired}
 * @param answeredBy the device that decided; null where none did
 * @param created when the transaction was started, by the database's clock
 * @param decided when it was decided, by the database's clock
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OutcomeDecided(
        @JsonProperty("tx_id") UUID txId,
        String user,
        TransactionStatus status,
        @Nullable OutcomeReason reason,
        @JsonProperty("answered_by") @Nullable UUID answeredBy,
        Instant created,
        Instant decided)
        implements Event {

    @Override
    public Topic topic() {
        return Topic.OUTCOME_DECIDED;
    }

    @Override
    public String key() {
        return txId.toString();
    }
}
