package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Who caused an event.
 *
 * @param kind what {@code id} names
 * @param id the API key's name, the JWT's client or subject, the device's pk, or the service's
 *     name; never a secret
 */
public record Actor(Kind kind, String id) {

    /** What an actor's id names. */
    public enum Kind {
        @JsonProperty("api_key")
        API_KEY,
        @JsonProperty("client")
        CLIENT,
        @JsonProperty("user")
        USER,
        @JsonProperty("device")
        DEVICE,
        @JsonProperty("service")
        SERVICE
    }
}
