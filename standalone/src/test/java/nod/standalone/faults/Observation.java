package nod.standalone.faults;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.UUID;

/** How a client saw a transaction. */
record Observation(
        UUID txId,
        Instant at,
        String status,
        @Nullable String reason,
        @Nullable String answeredBy) {

    static Observation of(JsonNode transaction, Instant at) {
        return new Observation(
                UUID.fromString(transaction.path("tx_id").asString()),
                at,
                transaction.path("status").asString(),
                text(transaction.path("reason")),
                text(transaction.path("answered_by")));
    }

    private static @Nullable String text(JsonNode value) {
        return value.isString() ? value.asString() : null;
    }

    boolean isFinal() {
        return !status.equals("wait");
    }
}
