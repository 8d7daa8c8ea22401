package nod.gateway.contract;

import nod.gateway.contract.Documented.Body;
import nod.gateway.contract.Documented.Parameter;
import nod.gateway.contract.Documented.Response;
import nod.gateway.contract.Problem.Where;
import nod.gateway.schema.ApiDocument;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.net.URI;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The document that the gateway serves, read for checking. */
final class ContractDocument {

    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "options", "head", "patch", "trace");

    private final JsonNode document;
    private final List<Documented> operations;

    ContractDocument(String json) {
        this.document = JsonMapper.shared().readTree(json);
        this.operations =
                document.path("paths").properties().stream()
                        .flatMap(path -> operations(path.getKey(), path.getValue()))
                        .sorted(
                                Comparator.comparing(
                                        Documented::path, PathTemplate.MOST_CONCRETE_FIRST))
                        .toList();
    }

    /** The one that a gateway at the root of its host serves. */
    static ContractDocument served() {
        return new ContractDocument(ApiDocument.under(URI.create("http://localhost/")).json());
    }

    /** Before every path, without the slash at the end. */
    String base() {
        var url = document.path("servers").path(0).path("url").asString();
        return url.substring(0, url.length() - 1);
    }

    List<Documented> operations() {
        return operations;
    }

    /** The parts that references point to. */
    JsonNode components() {
        return document.path("components");
    }

    private Stream<Documented> operations(String path, JsonNode item) {
        return item.properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .map(method -> operation(method.getKey(), path, item, method.getValue()));
    }

    private Documented operation(String method, String path, JsonNode item, JsonNode operation) {
        return new Documented(
                operation.path("operationId").asString(),
                method.toUpperCase(Locale.ROOT),
                PathTemplate.of(path),
                operation.path("security").size() > 0,
                Stream.of(item, operation)
                        .flatMap(owner -> owner.path("parameters").valueStream())
                        .map(this::resolved)
                        .map(ContractDocument::parameter)
                        .toList(),
                body(operation.path("requestBody")),
                responses(operation.path("responses")));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref")
                ? resolved(document.at(node.path("$ref").asString().substring(1)))
                : node;
    }

    private static Parameter parameter(JsonNode parameter) {
        return new Parameter(
                Where.valueOf(parameter.path("in").asString().toUpperCase(Locale.ROOT)),
                parameter.path("name").asString(),
                parameter.path("required").asBoolean(false),
                parameter.path("schema"));
    }

    private @Nullable Body body(JsonNode reference) {
        var body = resolved(reference);
        return body.isMissingNode()
                ? null
                : new Body(
                        body.path("required").asBoolean(false),
                        body.path("content").path("application/json").path("schema"));
    }

    private Map<String, Response> responses(JsonNode responses) {
        var byStatus = new LinkedHashMap<String, Response>();
        responses.forEachEntry((status, response) -> byStatus.put(status, response(response)));
        return byStatus;
    }

    private Response response(JsonNode reference) {
        var response = resolved(reference);
        return new Response(schemas(response.path("content")), schemas(response.path("headers")));
    }

    private static Map<String, JsonNode> schemas(JsonNode owners) {
        var schemas = new LinkedHashMap<String, JsonNode>();
        owners.forEachEntry((name, owner) -> schemas.put(name, owner.path("schema")));
        return schemas;
    }
}
