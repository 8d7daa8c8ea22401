package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why, where the status alone does not say. */
public enum OutcomeReason {
    @JsonProperty("matched")
    MATCHED("matched"),
    @JsonProperty("declined")
    DECLINED("declined"),
    @JsonProperty("reported")
    REPORTED("reported"),
    @JsonProperty("wrong_item")
    WRONG_ITEM("wrong_item"),
    @JsonProperty("superseded")
    SUPERSEDED("superseded"),
    @JsonProperty("cancelled")
    CANCELLED("cancelled"),
    @JsonProperty("no_push_key")
    NO_PUSH_KEY("no_push_key"),
    @JsonProperty("rejected")
    REJECTED("rejected"),
    @JsonProperty("unreachable")
    UNREACHABLE("unreachable");

    private final String text;

    OutcomeReason(String text) {
        this.text = text;
    }

    /** As it is written in JSON and in the database. */
    public String text() {
        return text;
    }
}
