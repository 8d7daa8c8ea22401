package nod.gateway.contract;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes of the document's schemas those of answers: an object has the fields that the document
 * names and no others, unless it says that it may. The document leaves open what a field's errors
 * look like, and names a {@code code} that is never sent; here both are as authentik-behaviour.md
 * says.
 */
final class ClosedSchemas {

    private static final String SENTENCES =
            """
            {"anyOf": [
              {"type": "array", "minItems": 1, "items": {"type": "string", "minLength": 1}},
              {"type": "object", "minProperties": 1, "properties": {"code": {"not": {}}},
               "additionalProperties": {"$ref": "#/components/schemas/Sentences"}}]}
            """;

    private static final String VALIDATION_ERROR =
            """
            {"anyOf": [
              {"$ref": "#/components/schemas/GenericError"},
              {"type": "object", "minProperties": 1, "properties": {"code": {"not": {}}},
               "additionalProperties": {"$ref": "#/components/schemas/Sentences"}}]}
            """;

    private ClosedSchemas() {}

    /** The components of the document, closed. */
    static JsonNode components(JsonNode components) {
        var closed = (ObjectNode) closed(components);
        var schemas = (ObjectNode) closed.path("schemas");
        ((ObjectNode) schemas.path("GenericError").path("properties")).remove("code");
        schemas.set("ValidationError", JsonMapper.shared().readTree(VALIDATION_ERROR));
        schemas.set("Sentences", JsonMapper.shared().readTree(SENTENCES));
        return closed;
    }

    /** A schema, closed. */
    static JsonNode closed(JsonNode schema) {
        var copy = schema.deepCopy();
        close(copy);
        return copy;
    }

    private static void close(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(ClosedSchemas::close);
    }
}
