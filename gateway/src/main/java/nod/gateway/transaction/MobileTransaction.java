package nod.gateway.transaction;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;

import nod.schemas.event.ItemMode;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A transaction as the API shows it to who started it: the contract's MobileTransaction. */
public record MobileTransaction(
        @JsonProperty("tx_id") UUID txId,
        String user,
        List<UUID> devices,
        @JsonProperty("item_mode") ItemMode itemMode,
        @Nullable String item,
        TransactionStatus status,
        @Nullable OutcomeReason reason,
        @JsonProperty("answered_by") @Nullable UUID answeredBy,
        List<Delivery> deliveries,
        Instant created,
        Instant expires,
        @JsonProperty @Nullable Instant decided) {

    /**
     * How one asked device was reached so far.
     *
     * @param at since when; null while it is pending
     */
    public record Delivery(UUID device, String state, @Nullable Instant at) {

        /** Nothing is known of it. */
        static Delivery pending(UUID device) {
            return new Delivery(device, "pending", null);
        }

        /**
         * What counts of two accounts of one device: what a phone pulled stays pulled, what a
         * provider accepted once stays accepted, else the later one. An account that says the same
         * changes nothing.
         */
        public Delivery orLater(Delivery later) {
            return later.state.equals(state) || later.rank() < rank() ? this : later;
        }

        private int rank() {
            return switch (state) {
                case "pending" -> 0;
                case "accepted" -> 2;
                case "pulled" -> 3;
                default -> 1;
            };
        }
    }

    /** One that has just begun. */
    static MobileTransaction begun(
            UUID txId,
            String user,
            List<UUID> devices,
            ItemMode mode,
            String item,
            StartRows.Times times) {
        return new MobileTransaction(
                txId,
                user,
                devices,
                mode,
                shown(mode, item),
                TransactionStatus.WAIT,
                null,
                null,
                devices.stream().map(Delivery::pending).toList(),
                times.created(),
                times.expires(),
                null);
    }

    /** The right item, where the browser shows it. */
    static @Nullable String shown(ItemMode mode, @Nullable String item) {
        return mode == ItemMode.ACCEPT_DENY ? null : item;
    }

    /** The same with these deliveries. */
    public MobileTransaction withDeliveries(List<Delivery> deliveries) {
        return new MobileTransaction(
                txId,
                user,
                devices,
                itemMode,
                item,
                status,
                reason,
                answeredBy,
                deliveries,
                created,
                expires,
                decided);
    }

    /** Whether nothing about it will change any more. */
    // By its name it would be the getter of the field 'decided', which is a time.
    @JsonIgnore
    public boolean isDecided() {
        return status != TransactionStatus.WAIT;
    }

    /** Never prints the item. */
    @Override
    public String toString() {
        return "MobileTransaction[txId=" + txId + ", status=" + status + "]";
    }
}
