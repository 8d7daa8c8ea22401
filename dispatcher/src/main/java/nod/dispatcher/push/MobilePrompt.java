package nod.dispatcher.push;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import nod.schemas.event.ItemMode;
import nod.schemas.event.TransactionContext;
import nod.schemas.event.TransactionStarted;

import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What a phone is shown, as the contract's schema of this name has it. Never says which item is the
 * right one.
 *
 * @param device the asked device
 * @param items what may be answered, in the order to show; empty where digits are typed
 */
@JsonPropertyOrder({"tx_id", "device", "title", "body", "mode", "items", "context", "expires"})
public record MobilePrompt(
        @JsonProperty("tx_id") UUID txId,
        UUID device,
        String title,
        String body,
        ItemMode mode,
        List<String> items,
        TransactionContext context,
        Instant expires)
        implements PushContent {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    public MobilePrompt {
        items = List.copyOf(items);
    }

    /** What one of the asked devices is shown of a started transaction. */
    public static MobilePrompt of(TransactionStarted started, UUID device) {
        return new MobilePrompt(
                started.txId(),
                device,
                started.title(),
                started.body(),
                started.mode(),
                started.items(),
                started.context(),
                started.expires());
    }

    /** As the contract's schema has it, in UTF-8. */
    public byte[] json() {
        return JSON.writeValueAsBytes(this);
    }

    MobilePrompt withTitle(String title) {
        return new MobilePrompt(txId, device, title, body, mode, items, context, expires);
    }

    MobilePrompt withBody(String body) {
        return new MobilePrompt(txId, device, title, body, mode, items, context, expires);
    }

    MobilePrompt withContext(TransactionContext context) {
        return new MobilePrompt(txId, device, title, body, mode, items, context, expires);
    }
}
