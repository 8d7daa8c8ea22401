package nod.messaging.contract;

import nod.schemas.event.Topic;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

import java.io.InputStream;
import java.util.Objects;

/** The documents that others are given. */
final class Contracts {

    private static final String FOLDER = "/nod/schemas/";

    private Contracts() {}

    static JsonNode schema(Topic topic) {
        return JsonMapper.builder().build().readTree(open(schemaPath(topic)));
    }

    static String schemaPath(Topic topic) {
        return "events/" + topic.topicName() + ".schema.json";
    }

    static JsonNode asyncApi() {
        return YAMLMapper.builder().build().readTree(open("asyncapi.yaml"));
    }

    private static InputStream open(String path) {
        return Objects.requireNonNull(
                Contracts.class.getResourceAsStream(FOLDER + path),
                () -> path + " is missing among the schemas");
    }
}
