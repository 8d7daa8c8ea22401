package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why a transaction was taken back. */
public enum Withdrawal {
    @JsonProperty("cancelled")
    CANCELLED("cancelled"),
    @JsonProperty("superseded")
    SUPERSEDED("superseded");

    private final String text;

    Withdrawal(String text) {
        this.text = text;
    }

    /** As it is written in JSON and in the database. */
    public String text() {
        return text;
    }
}
