package nod.simulators.phone;

import nod.simulators.fault.Provider;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Prompts as they come: by FCM, by APNs, or pulled. */
final class PromptJson {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private PromptJson() {}

    /** What the provider's message, of this body, brings to the app. */
    static Push push(Provider provider, String body) {
        JsonNode message = JSON.readTree(body);
        return switch (provider) {
            case FCM -> {
                JsonNode content = message.path("message");
                yield push(content.path("notification"), content.path("data"));
            }
            case APNS -> push(message.path("aps").path("alert"), message);
        };
    }

    private static Push push(JsonNode shown, JsonNode data) {
        Map<String, String> fields = texts(data);
        fields.remove("aps");
        return new Push(shown.path("title").asString(""), shown.path("body").asString(""), fields);
    }

    static Prompt of(Push push) {
        Map<String, String> data = push.data();
        return new Prompt(
                UUID.fromString(field(data, "tx_id")),
                UUID.fromString(field(data, "device")),
                data.getOrDefault("title", push.title()),
                data.getOrDefault("body", push.body()),
                field(data, "mode"),
                items(JSON.readTree(field(data, "items"))),
                texts(JSON.readTree(data.getOrDefault("context", "{}"))),
                time(field(data, "expires")));
    }

    /** The answer of the pull fallback. */
    static List<Prompt> pulled(String body) {
        return JSON.readTree(body)
                .valueStream()
                .map(prompt -> of(new Push("", "", texts(prompt))))
                .toList();
    }

    /** What was sealed. */
    static Prompt opened(String prompt) {
        return of(new Push("", "", texts(JSON.readTree(prompt))));
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> fields = new LinkedHashMap<>();
        object.properties()
                .forEach(
                        field ->
                                fields.put(
                                        field.getKey(),
                                        field.getValue().isString()
                                                ? field.getValue().asString()
                                                : field.getValue().toString()));
        return fields;
    }

    private static List<String> items(JsonNode list) {
        return list.valueStream().map(item -> item.asString("")).toList();
    }

    private static Instant time(String text) {
        return DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from);
    }

    private static String field(Map<String, String> data, String name) {
        String value = data.get(name);
        if (value == null) {
            throw new PhoneException(
                    "the prompt has no '%s', only %s".formatted(name, data.keySet()));
        }
        return value;
    }
}
