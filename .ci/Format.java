import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/**
 * Formats every Java file below a folder, or checks that it is formatted.
 *
 * <p>Run by the build with the toolchain's JDK: a formatter parses with the compiler of the JVM it
 * runs in, and Maven itself may run on one that is older than the sources.
 *
 * <p>Arguments: {@code check|write FOLDER}. Exit status 1 when {@code check} finds a file to
 * format.
 */
final class Format {
    private static final Formatter FORMATTER =
            new Formatter(JavaFormatterOptions.builder().style(Style.AOSP).build());

    public static void main(String[] arguments) throws Exception {
        var write = arguments[0].equals("write");
        var unformatted = new ArrayList<Path>();
        for (var file : javaFiles(Path.of(arguments[1]))) {
            var source = Files.readString(file);
            var formatted =
                    FORMATTER.formatSourceAndFixImports(
                            RemoveUnusedImports.removeUnusedImports(source));
            if (!formatted.equals(source)) {
                unformatted.add(file);
                if (write) {
                    Files.writeString(file, formatted);
                }
            }
        }
        unformatted.forEach(
                file -> System.out.println((write ? "formatted " : "not formatted: ") + file));
        if (!write && !unformatted.isEmpty()) {
            System.out.println(
                    "Run 'mvn -N exec:exec@format' to format " + unformatted.size() + " file(s).");
            System.exit(1);
        }
    }

    private static Iterable<Path> javaFiles(Path root) throws Exception {
        try (var files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !root.relativize(file).toString().contains("target/"))
                    .sorted()
                    .toList();
        }
    }
}
