package nod.gateway.contract;

import nod.gateway.contract.Documented.Response;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Holds an answer against the operation that it comes from, or against the rules of refusals. */
final class ResponseCheck {

    private static final JsonNode GENERIC_ERROR =
            JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/GenericError");

    private final Schemas schemas;
    private final Exchange exchange;
    private final List<String> problems = new ArrayList<>();

    ResponseCheck(Schemas schemas, Exchange exchange) {
        this.schemas = schemas;
        this.exchange = exchange;
    }

    /** What is wrong with the answer of an operation; null where the document has none there. */
    List<String> problems(@Nullable Documented operation) {
        if (exchange.responseHeaders().containsHeader(HttpHeaders.WWW_AUTHENTICATE)) {
            problems.add("response: WWW-Authenticate is never sent");
        }
        var response = operation == null ? null : operation.responses().get("" + exchange.status());
        if (response != null && !response.content().isEmpty()) {
            content(response.content());
        } else if (exchange.status() >= 400) {
            refusal();
        } else if (response == null) {
            problems.add("response: the document has no status " + exchange.status());
        } else {
            empty();
        }
        if (response != null) {
            headers(response);
        }
        return problems;
    }

    private void refusal() {
        var status = exchange.status();
        if (status == 401 || (status >= 500 && status != 503)) {
            problems.add("response: no request is ever answered " + status);
        }
        content(Map.of(MediaType.APPLICATION_JSON_VALUE, GENERIC_ERROR));
        if (status == 405) {
            has(HttpHeaders.ALLOW);
        }
        if (status == 503) {
            has(HttpHeaders.RETRY_AFTER);
        }
    }

    private void has(String header) {
        if (!exchange.responseHeaders().containsHeader(header)) {
            problems.add("response: " + header + " is missing");
        }
    }

    private void empty() {
        var body = exchange.responseBody();
        if (body == null || body.length > 0) {
            problems.add("response: the document has no body for " + exchange.status());
        }
    }

    private void content(Map<String, JsonNode> content) {
        var type = Exchange.type(exchange.responseHeaders());
        var schema = type == null ? null : content.get(type.getType() + "/" + type.getSubtype());
        var body = exchange.responseBody();
        if (type == null || schema == null) {
            problems.add(
                    "response: expected one of %s, got %s"
                            .formatted(
                                    content.keySet(),
                                    exchange.responseHeaders().getFirst(HttpHeaders.CONTENT_TYPE)));
        } else if (exchange.method().equals("HEAD")) {
            empty();
        } else if (body != null) {
            validate(schema, type, body);
        }
    }

    private void validate(JsonNode schema, MediaType type, byte[] body) {
        try {
            for (var error : schemas.errors(ClosedSchemas.closed(schema), read(type, body))) {
                problems.add("response: " + error);
            }
        } catch (JacksonException e) {
            problems.add("response: is no " + type);
        }
    }

    /** An empty body is no value of any type. */
    private static JsonNode read(MediaType type, byte[] body) {
        var isYaml = type.getSubtype().matches("yaml|vnd\\.oai\\.openapi");
        return isYaml ? YAML.readTree(body) : JsonMapper.shared().readTree(body);
    }

    private static final YAMLMapper YAML = YAMLMapper.builder().build();

    private void headers(Response response) {
        response.headers()
                .forEach(
                        (name, schema) -> {
                            var value = exchange.responseHeaders().getFirst(name);
                            if (value != null
                                    && schema.path("type").asString().equals("integer")
                                    && !value.matches("[0-9]+")) {
                                problems.add("response: %s is '%s'".formatted(name, value));
                            }
                        });
    }
}
