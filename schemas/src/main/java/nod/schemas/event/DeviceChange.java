package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happened to a device. */
public enum DeviceChange {
    @JsonProperty("enrollment_begun")
    ENROLLMENT_BEGUN("enrollment_begun"),
    @JsonProperty("confirmed")
    CONFIRMED("confirmed"),
    @JsonProperty("renamed")
    RENAMED("renamed"),
    @JsonProperty("checked_in")
    CHECKED_IN("checked_in"),
    @JsonProperty("push_key_set")
    PUSH_KEY_SET("push_key_set"),
    @JsonProperty("push_key_dropped")
    PUSH_KEY_DROPPED("push_key_dropped"),
    @JsonProperty("removed")
    REMOVED("removed");

    private final String text;

    DeviceChange(String text) {
        this.text = text;
    }

    /** As it is written in JSON and in the database. */
    public String text() {
        return text;
    }
}
