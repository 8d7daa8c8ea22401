package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether pushes are sent to a user. */
public enum LockState {
    @JsonProperty("paused")
    PAUSED("paused"),
    @JsonProperty("locked")
    LOCKED("locked"),
    @JsonProperty("released")
    RELEASED("released");

    private final String text;

    LockState(String text) {
        this.text = text;
    }

    /** As it is written in JSON and in the database. */
    public String text() {
        return text;
    }
}
