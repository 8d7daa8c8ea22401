package nod.standalone.integrations;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The blueprint in {@code integrations/authentik}, as authentik would read it. */
record Blueprint(List<Entry> entries) {

    private static final Path FOLDER = Path.of("../integrations/authentik");

    /** A tag of authentik's, such as {@code !KeyOf}, with what stands behind it. */
    record Tag(String name, Object value) {}

    /** An object that authentik is to have. Attributes and identifiers are one to a reader. */
    record Entry(String model, @Nullable String id, Map<String, Object> fields) {

        @Nullable Object field(String name) {
            return fields.get(name);
        }

        /** Whose id the field refers to; null where it refers to no entry. */
        @Nullable String keyOf(String name) {
            return fields.get(name) instanceof Tag(String tag, Object id) && tag.equals("!KeyOf")
                    ? id.toString()
                    : null;
        }
    }

    static Blueprint read() {
        Map<String, Object> document =
                new Yaml(new Constructor()).load(text(FOLDER.resolve("nod.yaml")));
        return new Blueprint(
                maps(requireNonNull(document.get("entries"))).map(Blueprint::entry).toList());
    }

    /** The files of {@code policies/} by their names, without the ending. */
    static Map<String, String> files() {
        try (var files = Files.list(FOLDER.resolve("policies"))) {
            return files.collect(
                    Collectors.toMap(
                            file -> file.getFileName().toString().replaceAll("\\.py$", ""),
                            Blueprint::text,
                            (one, other) -> one,
                            TreeMap::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Stream<Entry> of(String model) {
        return entries.stream().filter(entry -> entry.model.equals(model));
    }

    Entry withId(@Nullable String id) {
        return entries.stream()
                .filter(entry -> id != null && id.equals(entry.id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no entry has the id " + id));
    }

    /** All expressions by the ids of their entries. */
    Map<String, String> expressions() {
        return entries.stream()
                .filter(entry -> entry.field("expression") != null)
                .collect(
                        Collectors.toMap(
                                entry -> String.valueOf(entry.id),
                                entry -> String.valueOf(entry.field("expression")),
                                (one, other) -> one,
                                TreeMap::new));
    }

    /** Everything that stands behind that tag, wherever. */
    List<String> tagged(String tag) {
        return entries.stream().flatMap(entry -> tagged(tag, entry.fields)).toList();
    }

    private static Stream<String> tagged(String tag, Object value) {
        return switch (value) {
            case Tag(String name, Object inner) when name.equals(tag) ->
                    Stream.of(inner.toString());
            case Tag(String _, Object inner) -> tagged(tag, inner);
            case Map<?, ?> map -> map.values().stream().flatMap(one -> tagged(tag, one));
            case List<?> list -> list.stream().flatMap(one -> tagged(tag, one));
            default -> Stream.of();
        };
    }

    private static Entry entry(Map<String, Object> entry) {
        var fields = new TreeMap<String, Object>();
        Stream.of("identifiers", "attrs")
                .map(part -> entry.getOrDefault(part, Map.of()))
                .flatMap(Blueprint::maps)
                .forEach(fields::putAll);
        var id = entry.get("id");
        return new Entry(
                requireNonNull(entry.get("model")).toString(),
                id == null ? null : id.toString(),
                fields);
    }

    /** The value itself, or its elements. */
    @SuppressWarnings("unchecked")
    private static Stream<Map<String, Object>> maps(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(one -> (Map<String, Object>) one)
                : Stream.of((Map<String, Object>) value);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes tags for what they are. */
    private static final class Constructor extends SafeConstructor {

        Constructor() {
            super(new LoaderOptions());
            yamlMultiConstructors.put("!", new Tagged());
        }

        private final class Tagged extends AbstractConstruct {
            @Override
            public Object construct(Node node) {
                return new Tag(node.getTag().getValue(), value(node));
            }

            private Object value(Node node) {
                return switch (node) {
                    case ScalarNode scalar -> constructScalar(scalar);
                    case SequenceNode sequence -> constructSequence(sequence);
                    default -> throw new AssertionError("a tag before " + node.getNodeId());
                };
            }
        }
    }
}
