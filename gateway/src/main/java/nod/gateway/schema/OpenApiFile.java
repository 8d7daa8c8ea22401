package nod.gateway.schema;

import nod.schemas.event.Event;

import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One of the project's OpenAPI documents, made ready to stand in one document with the others:
 * references to them are internal, and {@code scheme} under apiKey, which is authentik's and which
 * OpenAPI 3.0 does not know, is {@code x-scheme}.
 */
final class OpenApiFile {

    private static final String FOLDER = "/nod/schemas/openapi/";

    private final Map<String, Object> document;

    private OpenApiFile(Map<String, Object> document) {
        this.document = document;
    }

    /** Reads {@code NAME.openapi.yaml} of the schemas. */
    static OpenApiFile read(String name) {
        var path = FOLDER + name + ".openapi.yaml";
        try (InputStream file = Event.class.getResourceAsStream(path)) {
            Map<String, Object> document =
                    new Yaml(new SafeConstructor(new LoaderOptions()))
                            .load(Objects.requireNonNull(file, path));
            return new OpenApiFile(object(ready(document)));
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    private static Object ready(Object node) {
        return switch (node) {
            case Map<?, ?> object -> ready(object);
            case List<?> list -> list.stream().map(OpenApiFile::ready).toList();
            default -> node;
        };
    }

    private static Map<String, Object> ready(Map<?, ?> object) {
        var ready = new LinkedHashMap<String, Object>();
        object.forEach(
                (key, value) -> {
                    var name = key.toString();
                    var isScheme = name.equals("scheme") && "apiKey".equals(object.get("type"));
                    ready.put(
                            isScheme ? "x-scheme" : name,
                            name.equals("$ref") ? internal(value.toString()) : ready(value));
                });
        return ready;
    }

    private static String internal(String reference) {
        return reference.substring(reference.indexOf('#'));
    }

    /** The version that its info names. */
    String version() {
        return Objects.requireNonNull(object("info").get("version")).toString();
    }

    /** The part of that name, which is an object; an empty one where there is none. */
    Map<String, Object> object(String name) {
        return object(document.getOrDefault(name, Map.of()));
    }

    Object part(String name) {
        return Objects.requireNonNull(document.get(name), name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object node) {
        return (Map<String, Object>) node;
    }
}
