package nod.gateway.transaction;

import com.fasterxml.jackson.annotation.JsonProperty;

import nod.schemas.event.ItemMode;
import nod.schemas.event.TransactionContext;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What a phone is shown of a transaction; never says which item is the right one. */
record MobilePrompt(
        @JsonProperty("tx_id") UUID txId,
        UUID device,
        String title,
        String body,
        ItemMode mode,
        List<String> items,
        TransactionContext context,
        Instant expires) {}
