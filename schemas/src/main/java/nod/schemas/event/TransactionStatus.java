package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a transaction stands. */
public enum TransactionStatus {
    @JsonProperty("wait")
    WAIT("wait"),
    @JsonProperty("accept")
    ACCEPT("accept"),
    @JsonProperty("deny")
    DENY("deny"),
    @JsonProperty("expired")
    EXPIRED("expired"),
    @JsonProperty("undeliverable")
    UNDELIVERABLE("undeliverable"),
    @JsonProperty("cancelled")
    CANCELLED("cancelled");

    private final String text;

    TransactionStatus(String text) {
        this.text = text;
    }

    /** As it is written in JSON and in the database. */
    public String text() {
        return text;
    }
}
