package nod.dispatcher.apns;

import nod.dispatcher.push.DeviceAdded;
import nod.dispatcher.push.MobilePrompt;
import nod.dispatcher.push.PromptShortening;
import nod.dispatcher.push.PromptToSeal;
import nod.dispatcher.push.SealedPrompt;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;

/**
 * Builds APNs' payloads: the {@code aps} dictionary, and beside it the prompt's fields as custom
 * keys. Pure.
 *
 * <p>Apple counts the payload, the request's body: its UTF-8 bytes as they are sent. Headers (the
 * expiration, the collapse id, the topic) do not count.
 */
final class ApnsPayloads {

    /** Apple's limit for a payload that is no VoIP call. */
    static final int LIMIT = 4096;

    static final String CATEGORY = "cat_authentik_push_authorization";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private ApnsPayloads() {}

    /** The payload of this prompt, shortened to {@link #LIMIT}. */
    static String of(MobilePrompt prompt) {
        return json(PromptShortening.toFit(prompt, LIMIT, ApnsPayloads::size));
    }

    /** The payload of this sealed prompt, which was shortened before it was sealed. */
    static String of(SealedPrompt sealed) {
        var aps = aps(SealedPrompt.TITLE, null);
        // An app's extension can open it before it is shown, if it is let to.
        aps.put("mutable-content", 1);
        return json(aps, sealed);
    }

    /** The prompt to seal, shortened so that its payload will be within {@link #LIMIT}. */
    static PromptToSeal shortened(PromptToSeal secret) {
        return secret.toFit(LIMIT, prompt -> bytes(of(prompt)));
    }

    /** The payload of this notice, far below the limit. */
    static String of(DeviceAdded added) {
        var payload = JSON.createObjectNode();
        alert(payload.putObject("aps"), added.title(), added.body());
        return JSON.writeValueAsString(payload);
    }

    /** The bytes that count towards the limit. */
    static int size(MobilePrompt prompt) {
        return bytes(json(prompt));
    }

    private static int bytes(String payload) {
        return payload.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String json(MobilePrompt prompt) {
        return json(aps(prompt.title(), prompt.body()), prompt);
    }

    private static String json(ObjectNode aps, Record data) {
        var payload = JSON.createObjectNode();
        payload.set("aps", aps);
        payload.setAll((ObjectNode) JSON.valueToTree(data));
        return JSON.writeValueAsString(payload);
    }

    private static ObjectNode aps(String title, @Nullable String body) {
        var aps = JSON.createObjectNode();
        alert(aps, title, body);
        aps.put("category", CATEGORY);
        aps.put("interruption-level", "time-sensitive");
        return aps;
    }

    private static void alert(ObjectNode aps, String title, @Nullable String body) {
        var alert = aps.putObject("alert").put("title", title);
        if (body != null) {
            alert.put("body", body);
        }
        aps.put("sound", "default");
    }
}
