package nod.gateway.web;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The fields of a JSON object, read with the rules and the sentences of authentik's serializers.
 * Every error is collected; {@link #check} refuses the request with all of them at once. A field
 * that has an error reads as its type's neutral value until then. Not thread-safe.
 */
public final class Fields {

    /** What is said of a text with a NUL character, which PostgreSQL can't store. */
    static final String NUL_SENTENCE = "Null characters are not allowed.";

    /** Java's parser takes shortened groups too. */
    private static final int UUID_LENGTH = 36;

    private final ObjectNode object;
    private final Map<String, Object> errors = new LinkedHashMap<>();

    private Fields(ObjectNode object) {
        this.object = object;
    }

    /** The fields of a body; refuses what is no object. */
    static Fields of(JsonNode body) {
        if (body.isNull()) {
            throw Refusal.invalid("non_field_errors", "No data provided");
        }
        if (!(body instanceof ObjectNode object)) {
            throw Refusal.invalid("non_field_errors", notADictionary(body));
        }
        return new Fields(object);
    }

    private static String notADictionary(JsonNode node) {
        return "Invalid data. Expected a dictionary, but got " + typeOf(node) + ".";
    }

    private static String typeOf(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "list";
            case BOOLEAN -> "bool";
            case NUMBER -> node.isIntegralNumber() ? "int" : "float";
            default -> "str";
        };
    }

    /** Whether the field is there, null or not. */
    public boolean has(String name) {
        return object.has(name);
    }

    /** A text that must be there. */
    public String text(String name, int maxLength) {
        var text = optionalText(name, maxLength);
        if (text == null && !errors.containsKey(name)) {
            error(name, "This field is required.");
        }
        return text == null ? "" : text;
    }

    /** A text that may be absent; null then. */
    public @Nullable String optionalText(String name, int maxLength) {
        var node = object.get(name);
        if (node == null) {
            return null;
        }
        if (node.isNull()) {
            error(name, "This field may not be null.");
            return null;
        }
        if (!node.isString() && !node.isNumber()) {
            error(name, "Not a valid string.");
            return null;
        }
        return checkedText(name, node.asString().strip(), maxLength);
    }

    private @Nullable String checkedText(String name, String text, int maxLength) {
        if (text.isEmpty()) {
            error(name, "This field may not be blank.");
        } else if (text.indexOf(0) >= 0) {
            error(name, NUL_SENTENCE);
        } else if (text.codePointCount(0, text.length()) > maxLength) {
            error(name, "Ensure this field has no more than " + maxLength + " characters.");
        } else {
            return text;
        }
        return null;
    }

    /** A text that may be absent, null or blank; null in all these cases. */
    public @Nullable String laxText(String name, int maxLength) {
        var node = object.get(name);
        var blank = node == null || node.isNull() || (node.isString() && node.asString().isBlank());
        return blank ? null : optionalText(name, maxLength);
    }

    /** A UUID that must be there. */
    public UUID uuid(String name) {
        var uuid = optionalUuid(name);
        if (uuid == null && !errors.containsKey(name)) {
            error(name, "This field is required.");
        }
        return uuid == null ? new UUID(0, 0) : uuid;
    }

    /** A UUID that may be absent; null then. */
    public @Nullable UUID optionalUuid(String name) {
        var node = object.get(name);
        if (node == null) {
            return null;
        }
        if (node.isNull()) {
            error(name, "This field may not be null.");
            return null;
        }
        try {
            if (node.isString() && node.stringValue().length() == UUID_LENGTH) {
                return UUID.fromString(node.stringValue());
            }
        } catch (IllegalArgumentException malformed) {
            // reported below
        }
        error(name, "Must be a valid UUID.");
        return null;
    }

    /** One of the named values; the given one where the field is absent. */
    public <T> T choice(String name, Map<String, T> values, @Nullable T absent) {
        var node = object.get(name);
        var fallback = absent == null ? values.values().iterator().next() : absent;
        if (node == null) {
            if (absent == null) {
                error(name, "This field is required.");
            }
            return fallback;
        }
        if (node.isNull()) {
            error(name, "This field may not be null.");
            return fallback;
        }
        var text = node.isValueNode() ? node.asString() : node.toString();
        var value = values.get(text);
        if (value == null) {
            error(name, "\"" + text + "\" is not a valid choice.");
            return fallback;
        }
        return value;
    }

    /** A whole number within bounds; the given one where the field is absent. */
    public int integer(String name, int min, int max, int absent) {
        var node = object.get(name);
        if (node == null) {
            return absent;
        }
        if (node.isNull()) {
            error(name, "This field may not be null.");
            return absent;
        }
        try {
            // Lists and objects have no text at all.
            var text = node.isValueNode() ? node.asString().strip() : "";
            var value = new BigDecimal(text).longValueExact();
            if (value < min) {
                error(name, "Ensure this value is greater than or equal to " + min + ".");
            } else if (value > max) {
                error(name, "Ensure this value is less than or equal to " + max + ".");
            } else {
                return (int) value;
            }
        } catch (ArithmeticException | NumberFormatException notWhole) {
            error(name, "A valid integer is required.");
        }
        return absent;
    }

    /**
     * An object that must be there, with fields of its own; its errors are nested in this one's.
     */
    public Fields object(String name) {
        var fields = optionalObject(name);
        if (fields == null) {
            if (!errors.containsKey(name)) {
                error(name, "This field is required.");
            }
            return new Fields(object.objectNode());
        }
        return fields;
    }

    /** An object that may be absent; null then, and where the field has an error already. */
    public @Nullable Fields optionalObject(String name) {
        var node = object.get(name);
        if (node == null || errors.containsKey(name)) {
            return null;
        }
        if (node.isNull()) {
            error(name, "This field may not be null.");
            return null;
        }
        if (!(node instanceof ObjectNode nested)) {
            errors.put(name, Map.of("non_field_errors", List.of(notADictionary(node))));
            return null;
        }
        var fields = new Fields(nested);
        // Shared, so that what is found later in the nested object is part of this one's errors.
        errors.put(name, fields.errors);
        return fields;
    }

    /** A JSON object that must be there, as it stands, of at most that many bytes of JSON. */
    public ObjectNode json(String name, int maxBytes) {
        var json = optionalJson(name, maxBytes);
        if (json == null && !errors.containsKey(name)) {
            error(name, "This field is required.");
        }
        return json == null ? object.objectNode() : json;
    }

    /** The same, which may be absent; null then. */
    public @Nullable ObjectNode optionalJson(String name, int maxBytes) {
        var node = object.get(name);
        if (node == null) {
            return null;
        }
        if (node.isNull()) {
            error(name, "This field may not be null.");
        } else if (!(node instanceof ObjectNode json)) {
            error(name, "Expected a dictionary of items but got type \"" + typeOf(node) + "\".");
        } else if (json.toString().getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            error(name, "Ensure this field has no more than " + maxBytes + " bytes.");
        } else if (JsonText.texts(json).anyMatch(text -> text.indexOf(0) >= 0)) {
            error(name, NUL_SENTENCE);
        } else {
            return json;
        }
        return null;
    }

    /** Adds an error of a field. */
    @SuppressWarnings("unchecked")
    public void error(String name, String sentence) {
        ((List<String>) errors.computeIfAbsent(name, _ -> new ArrayList<String>())).add(sentence);
    }

    /** Refuses the request if any field had an error. */
    public void check() {
        var found = withoutEmpty(errors);
        if (!found.isEmpty()) {
            throw Refusal.invalid(found);
        }
    }

    private static Map<String, Object> withoutEmpty(Map<?, ?> errors) {
        var found = new LinkedHashMap<String, Object>();
        errors.forEach(
                (name, error) -> {
                    var kept = error instanceof Map<?, ?> nested ? withoutEmpty(nested) : error;
                    if (!(kept instanceof Map<?, ?> nested) || !nested.isEmpty()) {
                        found.put(name.toString(), kept);
                    }
                });
        return found;
    }
}
