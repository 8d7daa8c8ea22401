package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/**
 * How one asked device was reached: the dispatcher's final word on it. Happens once a device and
 * transaction, again with the same id when the dispatcher was stopped in between.
 *
 * @param txId the transaction, also the record key
 * @param device the asked device
 * @param state what became of the push
 * @param provider the provider that was asked; null where the device had no key
 * @param reason the provider's own word (an FCM error code, an APNs reason) or a short one of the
 *     dispatcher's; null when accepted
 * @param keyVersion the version of the push key that was used; null where the device had none
 * @param deadKey whether the provider said that this key will never be valid again
 * @param deadSince since when it is dead, where the provider says so (APNs 410); else null
 * @param attempts how often the provider was asked; 0 where it was not
 * @param latencyMillis from the first attempt to the provider's final answer; null without attempt
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeliveryReported(
        @JsonProperty("tx_id") UUID txId,
        UUID device,
        DeliveryState state,
        @Nullable Provider provider,
        @Nullable String reason,
        @JsonProperty("key_version") @Nullable Integer keyVersion,
        @JsonProperty("dead_key") boolean deadKey,
        @JsonProperty("dead_since") @Nullable Instant deadSince,
        int attempts,
        @JsonProperty("latency_ms") @Nullable Long latencyMillis)
        implements Event {

    @Override
    public Topic topic() {
        return Topic.DELIVERY_REPORTED;
    }

    @Override
    public String key() {
        return txId.toString();
    }
}
