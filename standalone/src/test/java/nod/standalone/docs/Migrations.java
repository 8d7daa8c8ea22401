package nod.standalone.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What the migrations make of the database, as far as their SQL is as simple as ours. */
final class Migrations {

    private static final Pattern CREATED =
            Pattern.compile("CREATE TABLE (\\w+) \\(\n(.*?)\n\\);", Pattern.DOTALL);
    private static final Pattern COLUMN = Pattern.compile("(?m)^ {4}([a-z_]+) +[a-z]");
    private static final Pattern ALTERED =
            Pattern.compile("ALTER TABLE (\\w+)\\s(.*?);", Pattern.DOTALL);
    private static final Pattern ADDED = Pattern.compile("ADD COLUMN (\\w+)");
    private static final Pattern BEYOND_US = Pattern.compile("RENAME|DROP (?:TABLE|COLUMN)");

    private Migrations() {}

    /** The tables, each with its columns. */
    static Map<String, Set<String>> tables(Path folder) {
        var tables = new TreeMap<String, Set<String>>();
        try (var files = Files.list(folder)) {
            for (var file : files.sorted().toList()) {
                apply(Files.readString(file), tables);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tables;
    }

    private static void apply(String sql, Map<String, Set<String>> tables) {
        if (BEYOND_US.matcher(sql).find()) {
            throw new AssertionError("a migration renames or drops: teach this class to follow it");
        }
        CREATED.matcher(sql)
                .results()
                .forEach(table -> add(COLUMN, table.group(2), table.group(1), tables));
        ALTERED.matcher(sql)
                .results()
                .forEach(table -> add(ADDED, table.group(2), table.group(1), tables));
    }

    private static void add(
            Pattern column, String from, String table, Map<String, Set<String>> tables) {
        var columns = tables.computeIfAbsent(table, _ -> new HashSet<>());
        column.matcher(from).results().forEach(found -> columns.add(found.group(1)));
    }
}
