package nod.standalone.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;

import nod.messaging.event.EventCodec;
import nod.schemas.event.Topic;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.json.JsonMapper;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Holds {@code docs/events.md} against the topics and the records of their events. */
class EventsPageTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Page page = Page.named("events.md");

    private String section(Topic topic) {
        return page.section("## " + topic.topicName());
    }

    @ParameterizedTest
    @EnumSource
    void namesEveryFieldOfAnEventAndNoOther(Topic topic) {
        assertThat(described(topic).keySet())
                .containsExactlyElementsOf(fields("", topic.eventType()).keySet());
    }

    @ParameterizedTest
    @EnumSource
    void namesEveryValueOfAField(Topic topic) {
        var described = described(topic);
        fields("", topic.eventType())
                .forEach(
                        (name, values) ->
                                assertThat(Page.names(described.getOrDefault(name, "")))
                                        .as(name)
                                        .containsAll(values));
    }

    @ParameterizedTest
    @EnumSource
    void saysWhoWritesTheTopic(Topic topic) {
        assertThat(section(topic))
                .contains("**Producer**: " + topic.producer().serviceName() + ".");
    }

    /** What is shown is what the services write: not one field is missing, and none is made up. */
    @ParameterizedTest
    @EnumSource
    void showsARecordThatTheServicesWriteThemselves(Topic topic) {
        var example = Page.blocks(section(topic), "json").getFirst();
        var codec = new EventCodec();
        var event = codec.fromJson(topic, example);
        assertThat(JSON.readTree(codec.toJson(event))).isEqualTo(JSON.readTree(example));
        assertThat(Page.blocks(section(topic), "text").getFirst())
                .contains("key: " + event.key())
                .contains("ce_type: " + topic.topicName())
                .contains("ce_source: " + topic.producer().source());
    }

    /** The text beside each field in the section's table. */
    private Map<String, String> described(Topic topic) {
        var described = new LinkedHashMap<String, String>();
        for (var row : Page.rows(section(topic))) {
            described.put(Page.names(row.getFirst()).getFirst(), row.getLast());
        }
        return described;
    }

    /** The names of a record's fields in JSON, each with the values of its enum. */
    private static Map<String, List<String>> fields(String prefix, Class<?> type) {
        var fields = new LinkedHashMap<String, List<String>>();
        for (var component : type.getRecordComponents()) {
            var name = prefix + name(type, component.getName());
            if (component.getType().isRecord()) {
                fields.putAll(fields(name + ".", component.getType()));
            } else {
                fields.put(name, values(component.getType()));
            }
        }
        return fields;
    }

    private static List<String> values(Class<?> type) {
        return type.isEnum()
                ? Arrays.stream(type.getFields())
                        .filter(Field::isEnumConstant)
                        .map(constant -> name(type, constant.getName()))
                        .toList()
                : List.of();
    }

    private static String name(Class<?> type, String field) {
        try {
            var given = type.getDeclaredField(field).getAnnotation(JsonProperty.class);
            return given == null ? field : given.value();
        } catch (NoSuchFieldException e) {
            throw new AssertionError("a record's component has a field of its name", e);
        }
    }
}
