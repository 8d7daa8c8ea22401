package nod.dispatcher.apns;

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
        aps.putObject("alert").put("title", prompt.title()).put("body", prompt.body());
        aps.put("sound", "default");
        aps.put("category", CATEGORY);
        aps.put("interruption-level", "time-sensitive");
        return aps;
    }
}
