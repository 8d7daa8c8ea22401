package nod.standalone.docs;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A property as the services' own metadata has it, with the bounds that its record is validated by.
 *
 * @param name as an operator writes it
 * @param fallback the default; null where the metadata names none
 * @param meaning the record's Javadoc
 * @param component where its value ends up
 */
record Setting(String name, @Nullable String fallback, String meaning, Field component) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    /** Every property of ours of all modules on the class path, by name. */
    static Map<String, Setting> all() {
        var settings = new TreeMap<String, Setting>();
        try {
            for (var metadata :
                    Collections.list(Setting.class.getClassLoader().getResources(METADATA))) {
                try (InputStream json = metadata.openStream()) {
                    for (var property : JSON.readTree(json).path("properties")) {
                        if (property.path("name").asString().startsWith("nod.")) {
                            settings.put(property.path("name").asString(), of(property));
                        }
                    }
                }
            }
        } catch (IOException | ReflectiveOperationException e) {
            throw new AssertionError("the metadata can't be read", e);
        }
        return settings;
    }

    private static Setting of(JsonNode property) throws ReflectiveOperationException {
        var name = property.path("name").asString();
        var owner = Class.forName(property.path("sourceType").asString());
        var fallback = property.path("defaultValue");
        return new Setting(
                name,
                fallback.isMissingNode() ? null : fallback.asString(),
                property.path("description").asString(),
                owner.getDeclaredField(camelCase(name.substring(name.lastIndexOf('.') + 1))));
    }

    private static String camelCase(String kebab) {
        var words = kebab.split("-");
        return words[0]
                + Arrays.stream(words)
                        .skip(1)
                        .map(
                                word ->
                                        word.substring(0, 1).toUpperCase(Locale.ROOT)
                                                + word.substring(1))
                        .collect(Collectors.joining());
    }

    /** Its row of a table: name, default, allowed values, meaning. */
    String row() {
        return "| `%s` | %s | %s | %s |\n"
                .formatted(name, shownDefault(), allowed(), sentence(meaning).replace("|", "\\|"));
    }

    private String shownDefault() {
        if (fallback == null) {
            var optional =
                    component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                            || COLLECTIONS.contains(component.getType());
            return optional ? "none" : "**required**";
        }
        return "`" + fallback.replaceAll("^\\[|]$", "") + "`";
    }

    private static String sentence(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT)
                + text.substring(1).replaceAll("\\{@code ([^}]*)}", "`$1`");
    }

    private String allowed() {
        var type = component.getType();
        if (type == Duration.class) {
            return range("duration", minDuration(), maxDuration());
        }
        if (type == int.class || type == short.class) {
            var min = component.getAnnotation(Min.class);
            var max = component.getAnnotation(Max.class);
            return range(
                    "whole number",
                    min == null ? null : "" + min.value(),
                    max == null ? null : "" + max.value());
        }
        if (type == Set.class) {
            return elements(component.getGenericType());
        }
        return type == Map.class && isOfRecords() ? GROUPS : KINDS.getOrDefault(type, "text");
    }

    /** Nothing given leaves them empty; one that has to hold something has a default. */
    private static final Set<Class<?>> COLLECTIONS = Set.of(Map.class, Set.class);

    private static final Map<Class<?>, String> KINDS =
            Map.of(
                    boolean.class, "`true`, `false`",
                    URI.class, "URL",
                    Path.class, "file",
                    Map.class, "a text for each name");

    private static final String GROUPS = "a group of settings for each name";

    private boolean isOfRecords() {
        var values = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[1];
        return values instanceof Class<?> type && type.isRecord();
    }

    private static String range(String kind, @Nullable String min, @Nullable String max) {
        return min == null || max == null ? kind : "`%s` to `%s`".formatted(min, max);
    }

    private @Nullable String minDuration() {
        var min = component.getAnnotation(DurationMin.class);
        return min == null
                ? null
                : text(
                        Duration.ofDays(min.days())
                                .plusHours(min.hours())
                                .plusMinutes(min.minutes())
                                .plusSeconds(min.seconds())
                                .plusMillis(min.millis()));
    }

    private @Nullable String maxDuration() {
        var max = component.getAnnotation(DurationMax.class);
        return max == null
                ? null
                : text(
                        Duration.ofDays(max.days())
                                .plusHours(max.hours())
                                .plusMinutes(max.minutes())
                                .plusSeconds(max.seconds())
                                .plusMillis(max.millis()));
    }

    /** As an operator writes it: the greatest unit that leaves no rest. */
    private static String text(Duration duration) {
        var millis = duration.toMillis();
        for (var unit :
                List.of(
                        Map.entry("d", 86_400_000),
                        Map.entry("h", 3_600_000),
                        Map.entry("m", 60_000),
                        Map.entry("s", 1_000))) {
            if (millis % unit.getValue() == 0 && millis > 0) {
                return millis / unit.getValue() + unit.getKey();
            }
        }
        return millis + "ms";
    }

    private static String elements(Type set) {
        var element = (Class<?>) ((ParameterizedType) set).getActualTypeArguments()[0];
        return element.isEnum() ? "one or more of " + constants(element) : "texts, with commas";
    }

    private static String constants(Class<?> element) {
        return Arrays.stream(element.getEnumConstants())
                .map(constant -> "`" + constant.toString().toLowerCase(Locale.ROOT) + "`")
                .collect(Collectors.joining(", "));
    }
}
