package nod.gateway.contract;

import tools.jackson.databind.JsonNode;

/**
 * Something in a request that the document does not allow.
 *
 * @param operation its operationId
 * @param where it stands
 * @param name the parameter's name, or the JSON pointer into the body
 * @param rule the keyword of the schema, or {@link #UNDOCUMENTED}
 * @param value what is there instead
 * @param expected what the schema says for that keyword
 */
record Problem(
        String operation,
        Where where,
        String name,
        String rule,
        JsonNode value,
        JsonNode expected,
        String message) {

    /** The rule that there is nothing but what the document names. */
    static final String UNDOCUMENTED = "undocumented";

    /** The parts of a request. */
    enum Where {
        PATH,
        QUERY,
        HEADER,
        BODY
    }

    boolean isIn(Where part, String named) {
        return where == part && name.equals(named);
    }

    @Override
    public String toString() {
        return "request %s '%s': %s".formatted(where, name, message);
    }
}
