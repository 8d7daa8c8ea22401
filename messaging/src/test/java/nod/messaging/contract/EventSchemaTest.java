package nod.messaging.contract;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;

import nod.messaging.Samples;
import nod.messaging.event.EventCodec;
import nod.schemas.event.Topic;
import nod.schemas.event.TransactionStatus;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

/** Holds each schema against its record and against what is really written. */
class EventSchemaTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private final EventCodec codec = new EventCodec();
    private final JsonMapper json = JsonMapper.builder().build();

    @ParameterizedTest
    @EnumSource(Topic.class)
    void acceptsEverythingThatIsWritten(Topic topic) {
        for (var event : Samples.edgesOf(topic)) {
            var written = codec.toJson(event);

            assertThat(violations(topic, written)).as(written).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void acceptsTheGoldenFiles(Topic topic) throws IOException {
        var golden = Files.readString(GOLDEN.resolve(topic.topicName() + ".json"), UTF_8);

        assertThat(violations(topic, golden)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void acceptsFieldsThatALaterVersionAdds(Topic topic) {
        var later = (ObjectNode) json.readTree(codec.toJson(Samples.of(topic)));
        later.put("added_later", 1);

        assertThat(violations(topic, later.toString())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void refusesAnEventThatLacksARequiredField(Topic topic) {
        for (var required : Contracts.schema(topic).get("required").values()) {
            var incomplete = (ObjectNode) json.readTree(codec.toJson(Samples.of(topic)));
            incomplete.remove(required.stringValue());

            assertThat(violations(topic, incomplete.toString())).as("%s", required).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RESPONSE_RECEIVED, tx_id, 17",
        "RESPONSE_RECEIVED, answer, shrug",
        "RESPONSE_RECEIVED, at, yesterday",
        "OUTCOME_DECIDED, status, wait",
        "DELIVERY_REPORTED, attempts, many",
        "USER_LOCKED, user, ''"
    })
    void refusesAValueThatIsNotMeant(Topic topic, String field, String value) {
        var wrong = (ObjectNode) json.readTree(codec.toJson(Samples.of(topic)));
        wrong.put(field, value);

        assertThat(violations(topic, wrong.toString())).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void describesExactlyTheFieldsOfTheRecord(Topic topic) {
        assertDescribes(Contracts.schema(topic), Contracts.schema(topic), topic.eventType());
    }

    @ParameterizedTest
    @EnumSource(Topic.class)
    void isNamedAfterItsTopicAndRecord(Topic topic) {
        var schema = Contracts.schema(topic);

        assertThat(schema.get("$schema").stringValue())
                .isEqualTo("https://json-schema.org/draft/2020-12/schema");
        assertThat(schema.get("$id").stringValue()).endsWith(topic.topicName());
        assertThat(schema.get("title").stringValue()).isEqualTo(topic.eventType().getSimpleName());
    }

    private void assertDescribes(JsonNode root, JsonNode schema, Class<?> record) {
        var fields = new TreeSet<String>();
        var required = new TreeSet<String>();
        for (var component : record.getRecordComponents()) {
            var name = jsonName(component);
            fields.add(name);
            if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                required.add(name);
            }
            assertDescribes(root, schema.get("properties").get(name), component);
        }
        assertThat(new TreeSet<>(schema.get("properties").propertyNames())).isEqualTo(fields);
        assertThat(texts(schema.get("required"))).isEqualTo(required);
        assertThat(schema.path("additionalProperties").booleanValue(true)).isTrue();
    }

    private void assertDescribes(
            JsonNode root, @Nullable JsonNode property, RecordComponent component) {
        assertThat(property).as("schema of %s", component).isNotNull();
        var described = Objects.requireNonNull(property);
        assertThat(described.get("description")).as("description of %s", component).isNotNull();
        var type = component.getType();
        if (type.isRecord()) {
            assertDescribes(root, resolved(root, described), type);
        } else if (type.isEnum()) {
            assertThat(texts(described.get("enum"))).isEqualTo(constants(type));
        } else {
            assertThat(described.get("type").stringValue()).isEqualTo(jsonType(type));
            assertThat(text(described.get("format"))).isEqualTo(format(type));
        }
    }

    private static JsonNode resolved(JsonNode root, JsonNode reference) {
        return root.at(reference.get("$ref").stringValue().substring(1));
    }

    private static String jsonName(RecordComponent component) {
        var given = component.getAccessor().getAnnotation(JsonProperty.class);
        return given == null ? component.getName() : given.value();
    }

    private static Set<String> constants(Class<?> type) {
        return Arrays.stream(type.getFields())
                .filter(field -> field.isEnumConstant())
                .map(field -> Objects.requireNonNull(field.getAnnotation(JsonProperty.class)))
                .map(JsonProperty::value)
                // An outcome is final.
                .filter(text -> type != TransactionStatus.class || !text.equals("wait"))
                .collect(Collectors.toSet());
    }

    private static String jsonType(Class<?> type) {
        if (type == boolean.class) {
            return "boolean";
        }
        if (type == int.class
                || type == long.class
                || type == Integer.class
                || type == Long.class) {
            return "integer";
        }
        return type == List.class ? "array" : "string";
    }

    private static String format(Class<?> type) {
        if (type == UUID.class) {
            return "uuid";
        }
        return type == Instant.class ? "date-time" : "";
    }

    private static String text(@Nullable JsonNode node) {
        return node == null ? "" : node.stringValue();
    }

    private static Set<String> texts(@Nullable JsonNode array) {
        var texts = new HashSet<String>();
        if (array != null) {
            array.values().forEach(one -> texts.add(one.stringValue()));
        }
        return texts;
    }

    private static List<Error> violations(Topic topic, String event) {
        return validator(topic).validate(event, InputFormat.JSON);
    }

    private static Schema validator(Topic topic) {
        var config = SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
        return SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder -> builder.schemaRegistryConfig(config))
                .getSchema(Contracts.schema(topic));
    }
}
