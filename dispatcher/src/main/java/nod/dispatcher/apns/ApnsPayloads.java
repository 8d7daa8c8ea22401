package nod.dispatcher.apns;

import nod.dispatcher.push.DeviceAdded;
import nod.dispatcher.push.MobilePrompt;
import nod.dispatcher.push.PromptShortening;

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

    /** The payload of this notice, far below the limit. */
    static String of(DeviceAdded added) {
        var payload = JSON.createObjectNode();
        alert(payload.putObject("aps"), added.title(), added.body());
        return JSON.writeValueAsString(payload);
    }

    /** The bytes that count towards the limit. */
    static int size(MobilePrompt prompt) {
        return json(prompt).getBytes(StandardCharsets.UTF_8).length;
    }

    private static String json(MobilePrompt prompt) {
        var payload = JSON.createObjectNode();
        payload.set("aps", aps(prompt));
        payload.setAll((ObjectNode) JSON.valueToTree(prompt));
        return JSON.writeValueAsString(payload);
    }

    private static ObjectNode aps(MobilePrompt prompt) {
        var aps = JSON.createObjectNode();
        alert(aps, prompt.title(), prompt.body());
        aps.put("category", CATEGORY);
        aps.put("interruption-level", "time-sensitive");
        return aps;
    }

    private static void alert(ObjectNode aps, String title, String body) {
        aps.putObject("alert").put("title", title).put("body", body);
        aps.put("sound", "default");
    }
}
