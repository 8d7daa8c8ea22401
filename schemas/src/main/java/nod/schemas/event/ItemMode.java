package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How the phone's answer is matched: authentik's item matching modes. */
public enum ItemMode {
    /** The phone shows accept and deny. */
    @JsonProperty("accept_deny")
    ACCEPT_DENY("accept_deny"),
    /** The phone shows three distinct numbers of two digits, the browser shows the right one. */
    @JsonProperty("number_matching_2")
    NUMBER_MATCHING_2("number_matching_2"),
    /** The same with three digits. */
    @JsonProperty("number_matching_3")
    NUMBER_MATCHING_3("number_matching_3"),
    /** The browser shows six digits, the phone has them typed in. */
    @JsonProperty("number_entry_6")
    NUMBER_ENTRY_6("number_entry_6");

    private final String text;

    ItemMode(String text) {
        this.text = text;
    }

    /** As it is written in JSON and in the database. */
    public String text() {
        return text;
    }
}
