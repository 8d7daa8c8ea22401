package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The push service that a notification key belongs to. */
public enum Provider {
    @JsonProperty("fcm")
    FCM("fcm"),
    @JsonProperty("apns")
    APNS("apns");

    private final String text;

    Provider(String text) {
        this.text = text;
    }

    /** As it is written in JSON and in the database. */
    public String text() {
        return text;
    }
}
