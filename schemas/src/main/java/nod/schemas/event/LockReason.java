package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why no push is sent to a user. */
public enum LockReason {
    @JsonProperty("reported")
    REPORTED("reported"),
    @JsonProperty("declined")
    DECLINED("declined"),
    @JsonProperty("wrong_item")
    WRONG_ITEM("wrong_item"),
    @JsonProperty("unanswered")
    UNANSWERED("unanswered");

    private final String text;

    LockReason(String text) {
        this.text = text;
    }

    /** As it is written in JSON and in the database. */
    public String text() {
        return text;
    }
}
