package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A login is to be approved. Happens when a transaction was started and its row committed.
 *
 * @param txId the transaction, also the record key
 * @param user authentik's identifier of the person who is asked
 * @param devices the asked devices, at least one
 * @param mode how the answer is matched
 * @param items what may be answered, in the order to show; empty for number entry; never says which
 *     one is right
 * @param title the notification's title
 * @param body the notification's text
 * @param context what the user is shown about the request
 * @param created when it was started, by the database's clock
 * @param expires until when it may be answered, by the database's clock
 * @param by who started it
 */
public record TransactionStarted(
        @JsonProperty("tx_id") UUID txId,
        String user,
        List<UUID> devices,
        ItemMode mode,
        List<String> items,
        String title,
        String body,
        TransactionContext context,
        Instant created,
        Instant expires,
        Actor by)
        implements Event {

    public TransactionStarted {
        devices = List.copyOf(devices);
        items = List.copyOf(items);
    }

    @Override
    public Topic topic() {
        return Topic.TRANSACTION_STARTED;
    }

    @Override
    public String key() {
        return txId.toString();
    }
}
