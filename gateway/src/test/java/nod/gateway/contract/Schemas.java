package nod.gateway.contract;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Schemas of the document, with what they refer to. Formats are asserted. Thread-safe. */
final class Schemas {

    private final SchemaRegistry registry =
            SchemaRegistry.withDefaultDialect(
                    Dialects.getOpenApi30(),
                    builder ->
                            builder.schemaRegistryConfig(
                                    SchemaRegistryConfig.builder()
                                            .formatAssertionsEnabled(true)
                                            .build()));

    private final JsonNode components;
    private final Map<JsonNode, Schema> known = new ConcurrentHashMap<>();

    Schemas(JsonNode components) {
        this.components = components;
    }

    /** What that schema has against the value. */
    List<Error> errors(JsonNode schema, JsonNode value) {
        return known.computeIfAbsent(schema, this::compiled).validate(value);
    }

    private Schema compiled(JsonNode schema) {
        var root = JsonNodeFactory.instance.objectNode();
        root.putArray("allOf").add(schema);
        root.set("components", components);
        return registry.getSchema(root);
    }
}
