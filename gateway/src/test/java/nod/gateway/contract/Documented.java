package nod.gateway.contract;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;

/**
 * An operation of the document, its references resolved.
 *
 * @param secured whether it asks for a credential
 * @param parameters of path, query and header
 * @param body the schema of its JSON body; null where it has none
 * @param responses by status
 */
record Documented(
        String id,
        String method,
        PathTemplate path,
        boolean secured,
        List<Parameter> parameters,
        @Nullable Body body,
        Map<String, Response> responses) {

    /** A parameter of a simple type. */
    record Parameter(Problem.Where where, String name, boolean required, JsonNode schema) {}

    /** What a request brings as JSON. */
    record Body(boolean required, JsonNode schema) {}

    /**
     * An answer.
     *
     * @param content schemas by media type; empty where the document names none
     * @param headers schemas by name
     */
    record Response(Map<String, JsonNode> content, Map<String, JsonNode> headers) {}
}
