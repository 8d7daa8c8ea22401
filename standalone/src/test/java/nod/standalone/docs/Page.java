package nod.standalone.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A page of the documentation. What the build writes stands between {@code <!-- begin: NAME -->}
 * and {@code <!-- end: NAME -->}.
 */
public final class Page {

    private static final Path ROOT = Path.of("..");
    private static final Path FOLDER = ROOT.resolve("docs");

    /** What is built, kept or fetched there is no page of ours. */
    private static final Set<String> NOT_OURS = Set.of("target", "data", "node_modules");

    private final Path file;
    private final String text;

    private Page(Path file, String text) {
        this.file = file;
        this.text = text;
    }

    /** The page of that name in the folder of pages. */
    public static Page named(String name) {
        return at(FOLDER.resolve(name));
    }

    static Page at(Path file) {
        try {
            return new Page(file, Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every page of the repository, wherever it lies. */
    static List<Page> all() {
        try (var files = Files.walk(ROOT)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> isOurs(ROOT.relativize(file)))
                    .sorted()
                    .map(Page::at)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOurs(Path file) {
        return StreamSupport.stream(file.spliterator(), false)
                .map(Path::toString)
                .noneMatch(name -> name.startsWith(".") || NOT_OURS.contains(name));
    }

    Path file() {
        return file;
    }

    String text() {
        return text;
    }

    /** The page as it is read: without its fenced blocks. */
    String prose() {
        return text.replaceAll("(?ms)^```.*?^```$", "");
    }

    /** Its path from the root of the repository. */
    @Override
    public String toString() {
        return ROOT.relativize(file).toString();
    }

    /** What stands between the markers of that name. */
    String part(String name) {
        return text.substring(begin(name), end(name));
    }

    Page withPart(String name, String part) {
        return new Page(file, text.substring(0, begin(name)) + part + text.substring(end(name)));
    }

    /** The names of all marked parts, in their order. */
    List<String> parts() {
        return Pattern.compile("<!-- begin: (\\S+) -->")
                .matcher(text)
                .results()
                .map(marker -> marker.group(1))
                .toList();
    }

    void write() {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From the heading, which is a line of its own, to the next one of its level or above. */
    public String section(String heading) {
        var level = heading.indexOf(' ');
        var after = after("\n" + heading + "\n", 0);
        var next =
                Pattern.compile("\n#{1," + level + "} ").matcher(text).region(after, text.length());
        return text.substring(after, next.find() ? next.start() : text.length());
    }

    /** The rows of the tables in a text, without their heads, as cells. */
    public static List<List<String>> rows(String text) {
        return text.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> cells(line).toList())
                .toList();
    }

    private static Stream<String> cells(String row) {
        return Arrays.stream(row.substring(1).split("(?<!\\\\)\\|")).map(String::strip);
    }

    /** What stands in a text between backticks, in its order. */
    public static List<String> names(String text) {
        return Pattern.compile("`([^`]+)`")
                .matcher(text)
                .results()
                .map(name -> name.group(1))
                .toList();
    }

    /** The fenced blocks of that language. */
    static List<String> blocks(String text, String language) {
        return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
                .matcher(text)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private int begin(String name) {
        return after("<!-- begin: " + name + " -->\n", 0);
    }

    private int end(String name) {
        var marker = "<!-- end: " + name + " -->";
        var end = text.indexOf(marker, begin(name));
        if (end < 0) {
            throw new AssertionError(file + ": expected " + marker);
        }
        return end;
    }

    private int after(String expected, int from) {
        var at = text.indexOf(expected, from);
        if (at < 0) {
            throw new AssertionError(file + ": expected " + expected.strip());
        }
        return at + expected.length();
    }
}
