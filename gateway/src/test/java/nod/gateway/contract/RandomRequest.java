package nod.gateway.contract;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A request that begins as a good one and is then spoilt, or not. It stays a request to the same
 * operation: its method and the shape of its path are kept.
 */
final class RandomRequest {

    /** Sends half surrogate pairs as they are: escaped. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final Documented operation;
    private final RandomValues values;
    private final Map<String, String> variables = new LinkedHashMap<>();
    private final Map<String, String> query = new LinkedHashMap<>();
    private final Map<String, String> headers = new LinkedHashMap<>();
    private @Nullable String body;

    RandomRequest(Documented operation, RandomValues values, Good good) {
        this.operation = operation;
        this.values = values;
        variables.putAll(good.variables());
        query.putAll(good.query());
        headers.putAll(good.headers());
        if (good.token() != null) {
            headers.put("Authorization", "Bearer " + good.token());
        }
        if (good.body() != null) {
            body = JSON.writeValueAsString(good.body());
            headers.put("Content-Type", "application/json");
        }
    }

    /**
     * What a good request is made of.
     *
     * @param token null where none is asked for
     * @param body null where there is none
     */
    record Good(
            @Nullable String token,
            Map<String, String> variables,
            Map<String, String> query,
            Map<String, String> headers,
            @Nullable ObjectNode body) {}

    /** Spoils it once. */
    void spoil(List<String> otherTokens) {
        var ways = new ArrayList<Runnable>();
        ways.add(() -> headers.put("Accept", values.oneOf(ACCEPTS)));
        if (operation.secured()) {
            ways.add(() -> credential(otherTokens));
        }
        if (!variables.isEmpty()) {
            ways.add(this::variable);
        }
        operation.parameters().stream()
                .filter(parameter -> parameter.where() != Problem.Where.PATH)
                .forEach(parameter -> ways.add(() -> parameter(parameter)));
        if (body != null) {
            ways.add(() -> headers.put("Content-Type", values.oneOf(TYPES)));
            ways.add(this::text);
            // What most requests get wrong.
            for (int i = 0; i < 4; i++) {
                ways.add(this::value);
            }
        }
        values.oneOf(ways).run();
    }

    private static final List<String> ACCEPTS =
            List.of(
                    "text/html",
                    "application/xml;q=0.9",
                    "*",
                    "application/json;q=x",
                    "image/*",
                    "text/plain, text/csv",
                    "*/*",
                    "application/*");

    private static final List<String> TYPES =
            List.of(
                    "text/plain",
                    "application/x-www-form-urlencoded",
                    "application",
                    "application/json; charset=utf-8",
                    "application/xml",
                    "multipart/form-data; boundary=x");

    private void credential(List<String> otherTokens) {
        switch (values.below(4)) {
            case 0 -> headers.remove("Authorization");
            case 1 -> headers.put("Authorization", "Basic " + values.text(8).replaceAll("\\W", ""));
            case 2 -> headers.put("Authorization", "Bearer " + UUID.randomUUID());
            default -> headers.put("Authorization", "Bearer " + values.oneOf(otherTokens));
        }
    }

    private void variable() {
        var name = values.oneOf(List.copyOf(variables.keySet()));
        var text = values.anyText();
        variables.put(
                name,
                switch (values.below(3)) {
                    case 0 -> UUID.randomUUID().toString();
                    case 1 -> variables.get(name) + "0";
                    // An empty one would make another path of it, and so would dots.
                    default -> text.isBlank() || text.startsWith(".") ? "x" : text;
                });
    }

    private void parameter(Documented.Parameter parameter) {
        if (parameter.where() == Problem.Where.QUERY) {
            query.put(parameter.name(), odd(values.anyText()));
        } else {
            var text = values.anyText().replaceAll("[^ -~]", "?");
            headers.put(parameter.name(), text.isEmpty() ? " " : text);
        }
    }

    /** Waiting is asked for elsewhere: thousands of requests should not. */
    private static String odd(String text) {
        return text.matches("[1-9][0-9]?") ? "61" : text;
    }

    /** Puts anything in the place of a value, takes it away, or adds another. */
    private void value() {
        if (!(parsed() instanceof ObjectNode object)) {
            return;
        }
        var target = object;
        if (object.path("info") instanceof ObjectNode info && values.chance(0.6)) {
            target = info;
        }
        var names = List.copyOf(target.propertyNames());
        if (names.isEmpty() || values.chance(0.1)) {
            target.set(values.anyText(), values.anyJson(3));
        } else if (values.chance(0.3)) {
            target.remove(values.oneOf(names));
        } else {
            target.set(values.oneOf(names), values.anyJson(3));
        }
        body = JSON.writeValueAsString(object);
    }

    private @Nullable JsonNode parsed() {
        try {
            return body == null ? null : JSON.readTree(body);
        } catch (RuntimeException spoiltAlready) {
            return null;
        }
    }

    private void text() {
        var text = body == null ? "" : body;
        body =
                switch (values.below(4)) {
                    case 0 -> text.substring(0, values.below(text.length() + 1));
                    case 1 -> text + text;
                    case 2 -> JSON.writeValueAsString(values.anyJson(3));
                    default -> "[".repeat(1 + values.below(300));
                };
    }

    HttpRequest toHttp(URI gateway) {
        var path = operation.path().text();
        for (var variable : variables.entrySet()) {
            path = path.replace("{" + variable.getKey() + "}", encoded(variable.getValue()));
        }
        var parameters = new ArrayList<String>();
        query.forEach((name, value) -> parameters.add(encoded(name) + "=" + encoded(value)));
        var uri =
                gateway.resolve("api/v3")
                        + path
                        + (parameters.isEmpty() ? "" : "?" + String.join("&", parameters));
        var request =
                HttpRequest.newBuilder(URI.create(uri))
                        .method(
                                operation.method(),
                                body == null
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return request.build();
    }

    /**
     * The server below the API takes lines of 4096 bytes; longer ones are another test's matter.
     */
    private static String encoded(String text) {
        var shorter = text.codePointCount(0, text.length()) > 256 ? text.substring(0, 256) : text;
        return URLEncoder.encode(shorter, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
