package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How one asked device was reached: the dispatcher's final word on it. */
public enum DeliveryState {
    @JsonProperty("accepted")
    ACCEPTED("accepted"),
    @JsonProperty("rejected")
    REJECTED("rejected"),
    @JsonProperty("unreachable")
    UNREACHABLE("unreachable"),
    @JsonProperty("no_push_key")
    NO_PUSH_KEY("no_push_key");

    private final String text;

    DeliveryState(String text) {
        this.text = text;
    }

    /** As it is written in JSON and in the database. */
    public String text() {
        return text;
    }
}
