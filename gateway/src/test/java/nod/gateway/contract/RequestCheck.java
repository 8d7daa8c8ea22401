package nod.gateway.contract;

import nod.gateway.contract.Documented.Body;
import nod.gateway.contract.Documented.Parameter;
import nod.gateway.contract.Problem.Where;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Holds a request that was served against its operation. */
final class RequestCheck {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Schemas schemas;
    private final Set<Leniency> leniencies;
    private final Documented operation;
    private final Exchange exchange;
    private final List<Problem> problems = new ArrayList<>();

    RequestCheck(
            Schemas schemas, Set<Leniency> leniencies, Documented operation, Exchange exchange) {
        this.schemas = schemas;
        this.leniencies = leniencies;
        this.operation = operation;
        this.exchange = exchange;
    }

    /** What is wrong with it and not excused. */
    List<String> problems(Map<String, String> pathVariables) {
        credential();
        operation.parameters().forEach(parameter -> parameter(parameter, pathVariables));
        query().keySet().forEach(this::named);
        body();
        return problems.stream()
                .filter(problem -> !Leniency.excuse(leniencies, problem))
                .map(Problem::toString)
                .toList();
    }

    private void credential() {
        if (operation.secured()
                && !exchange.requestHeaders().containsHeader(HttpHeaders.AUTHORIZATION)) {
            add(Where.HEADER, "Authorization", "required", null, null, "served without it");
        }
    }

    private Map<String, List<String>> query() {
        return UriComponentsBuilder.fromUri(exchange.uri()).build(true).getQueryParams();
    }

    private void parameter(Parameter parameter, Map<String, String> pathVariables) {
        var value =
                switch (parameter.where()) {
                    case PATH -> pathVariables.get(parameter.name());
                    case QUERY -> queryValue(parameter.name());
                    case HEADER -> exchange.requestHeaders().getFirst(parameter.name());
                    case BODY -> throw new AssertionError(parameter);
                };
        if (value != null) {
            validate(
                    parameter.where(),
                    parameter.name(),
                    parameter.schema(),
                    typed(parameter, value));
        } else if (parameter.required()) {
            add(parameter.where(), parameter.name(), "required", null, null, "is missing");
        }
    }

    private @Nullable String queryValue(String name) {
        var values = query().get(name);
        if (values == null) {
            return null;
        }
        var first = values.getFirst();
        return first == null ? "" : UriUtils.decode(first, StandardCharsets.UTF_8);
    }

    private static JsonNode typed(Parameter parameter, String value) {
        var type = parameter.schema().path("type").asString();
        return switch (type) {
            case "string" -> NODES.stringNode(value);
            case "integer" ->
                    value.matches("[+-]?[0-9]{1,18}")
                            ? NODES.numberNode(Long.parseLong(value))
                            : NODES.stringNode(value);
            default ->
                    throw new AssertionError(
                            "%s: parameters of type %s can't be read yet"
                                    .formatted(parameter.name(), type));
        };
    }

    private void named(String name) {
        var documented =
                operation.parameters().stream()
                        .anyMatch(
                                parameter ->
                                        parameter.where() == Where.QUERY
                                                && parameter.name().equals(name));
        if (!documented) {
            add(
                    Where.QUERY,
                    name,
                    Problem.UNDOCUMENTED,
                    NODES.stringNode(queryValue(name)),
                    null,
                    "the document has no such parameter");
        }
    }

    private void body() {
        var expected = operation.body();
        var isThere = exchange.requestBody().length > 0;
        if (expected != null && isThere) {
            body(expected);
        } else if (expected != null && expected.required()) {
            add(Where.BODY, "", "required", null, null, "there is none");
        } else if (expected == null && isThere) {
            add(Where.BODY, "", Problem.UNDOCUMENTED, null, null, "none is asked for");
        }
    }

    private void body(Body expected) {
        if (!MediaType.APPLICATION_JSON.equalsTypeAndSubtype(
                Exchange.type(exchange.requestHeaders()))) {
            add(Where.BODY, "", "content", null, null, "is not called application/json");
        }
        try {
            var body = JsonMapper.shared().readTree(exchange.requestBody());
            validate(Where.BODY, "", expected.schema(), inContractsDialect(body));
        } catch (JacksonException e) {
            add(Where.BODY, "", "content", null, null, "is no JSON");
        }
    }

    private JsonNode inContractsDialect(JsonNode body) {
        return leniencies.contains(Leniency.LATER_DIALECT)
                        && operation.id().equals("authenticators_mobile_check_in_create")
                        && body.path("info").isObject()
                ? body.path("info")
                : body;
    }

    private void validate(Where where, String name, JsonNode schema, JsonNode value) {
        for (var error : schemas.errors(schema, value)) {
            add(
                    where,
                    where == Where.BODY ? error.getInstanceLocation().toString() : name,
                    error.getKeyword(),
                    error.getInstanceNode(),
                    error.getSchemaNode(),
                    error.getMessage());
        }
    }

    private void add(
            Where where,
            String name,
            String rule,
            @Nullable JsonNode value,
            @Nullable JsonNode expected,
            String message) {
        problems.add(
                new Problem(
                        operation.id(),
                        where,
                        name,
                        rule,
                        value == null ? MissingNode.getInstance() : value,
                        expected == null ? MissingNode.getInstance() : expected,
                        message));
    }
}
