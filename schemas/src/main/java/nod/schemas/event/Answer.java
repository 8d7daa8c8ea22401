package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What kind of answer a phone gave; an item's digits are never told. */
public enum Answer {
    @JsonProperty("accept")
    ACCEPT("accept"),
    @JsonProperty("deny")
    DENY("deny"),
    @JsonProperty("report")
    REPORT("report"),
    @JsonProperty("item")
    ITEM("item");

    private final String text;

    Answer(String text) {
        this.text = text;
    }

    /** As it is written in JSON and in the database. */
    public String text() {
        return text;
    }
}
