package nod.standalone.docs;

import static java.util.Objects.requireNonNull;

import nod.schemas.event.Topic;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names that pages use.
 *
 * @param topics with those of dead letters
 * @param classes the simple names of all classes with a file of their own
 * @param tables each with its columns
 */
record Names(Set<String> topics, Set<String> classes, Map<String, Set<String>> tables) {

    private static final Path ROOT = Path.of("..");
    private static final Path SCHEMAS = ROOT.resolve("schemas/src/main/resources");

    private static final Pattern TOPIC =
            Pattern.compile("push\\.[a-z]+\\.[a-z]+\\.v\\d+(?:\\.[a-z-]+-dlt)?");
    private static final Pattern CLASS = Pattern.compile("[A-Z]\\w*[a-z]\\w*");
    private static final Pattern TABLE =
            Pattern.compile("\\btables?\\s+((?:`\\w+`(?:,\\s+|\\s+and\\s+)?)+)");
    private static final Pattern COLUMN = Pattern.compile("([a-z_]+)\\.([a-z_]+)");

    static Names ofTheCode() {
        return new Names(
                topicNames(), classNames(), Migrations.tables(SCHEMAS.resolve("db/migration")));
    }

    /** Those of a page that nothing bears. */
    List<String> unknownIn(Page page, Set<String> foreign) {
        return Stream.of(unknownTopics(page), unknownClasses(page, foreign), unknownTables(page))
                .flatMap(unknown -> unknown)
                .distinct()
                .toList();
    }

    /** Anywhere, drawings included. */
    private Stream<String> unknownTopics(Page page) {
        return all(TOPIC, page.text()).filter(topic -> !topics.contains(topic));
    }

    private Stream<String> unknownClasses(Page page, Set<String> foreign) {
        return Page.names(page.prose()).stream()
                .filter(CLASS.asMatchPredicate())
                .filter(name -> !classes.contains(name) && !foreign.contains(name));
    }

    /** A table is introduced as one; a column follows its table. */
    private Stream<String> unknownTables(Page page) {
        var introduced =
                TABLE.matcher(page.prose())
                        .results()
                        .flatMap(introduction -> Page.names(introduction.group(1)).stream())
                        .filter(table -> !tables.containsKey(table));
        var columns =
                Page.names(page.prose()).stream()
                        .filter(COLUMN.asMatchPredicate())
                        .filter(column -> !isColumn(column));
        return Stream.concat(introduced, columns);
    }

    private boolean isColumn(String name) {
        var parts = name.split("\\.");
        return !tables.containsKey(parts[0])
                || requireNonNull(tables.get(parts[0])).contains(parts[1]);
    }

    private static Stream<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(MatchResult::group);
    }

    /** Which groups have dead letters, the AsyncAPI document alone says. */
    private static Set<String> topicNames() {
        var named = Arrays.stream(Topic.values()).map(Topic::topicName);
        var described = all(TOPIC, read(SCHEMAS.resolve("nod/schemas/asyncapi.yaml")));
        return Stream.concat(named, described).collect(Collectors.toSet());
    }

    private static Set<String> classNames() {
        try (var files = Files.walk(ROOT)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
