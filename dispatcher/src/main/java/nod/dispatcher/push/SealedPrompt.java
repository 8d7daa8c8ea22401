package nod.dispatcher.push;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

import java.time.Instant;
import java.util.Base64;
import java.util.UUID;

/**
 * What a provider gets to read of a prompt that is sealed.
 *
 * @param sealed base64url, without padding, of the encapsulated key and the ciphertext
 */
@JsonPropertyOrder({"tx_id", "device", "expires", "sealed"})
public record SealedPrompt(
        @JsonProperty("tx_id") UUID txId, UUID device, Instant expires, String sealed) {

    /** What the notification is headed by, whatever is asked; there is no body. */
    public static final String TITLE = "Sign-in request";

    /** The encapsulated X25519 key, and the tag of AES-GCM. */
    private static final int OVERHEAD = 32 + 16;

    /**
     * The prompt, and what it was sealed to.
     *
     * @param message the encapsulated key, then the ciphertext
     */
    public static SealedPrompt of(MobilePrompt prompt, byte[] message) {
        var text = Base64.getUrlEncoder().withoutPadding().encodeToString(message);
        return new SealedPrompt(prompt.txId(), prompt.device(), prompt.expires(), text);
    }

    /** As long as the sealed prompt will be, to measure by. */
    static SealedPrompt blank(MobilePrompt prompt) {
        return of(prompt, new byte[prompt.json().length + OVERHEAD]);
    }
}
