package nod.standalone.host;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * Another version of the services: their own sources with a few words changed. Where the words are
 * not there any more, the source has changed and the test has to follow.
 */
public final class ChangedSources {

    private static final Path ROOT = Path.of("..");

    private ChangedSources() {}

    /**
     * A change of one source file.
     *
     * @param file from the repository's root
     * @param before occurs once
     */
    public record Change(String file, String before, String after) {

        private String applyTo(String source) {
            if (source.split(Pattern.quote(before), -1).length != 2) {
                throw new AssertionError("%s: expected once: %s".formatted(file, before));
            }
            return source.replace(before, after);
        }
    }

    /**
     * Compiles the changed classes.
     *
     * @return the folder to put before everything else on the class path
     */
    public static Path compile(List<Change> changes, Path folder) throws IOException {
        Files.createDirectories(folder);
        var sources = new ArrayList<Path>();
        for (var file : changes.stream().map(Change::file).distinct().toList()) {
            sources.add(changed(file, changes, folder));
        }
        compileFiles(sources, folder);
        return folder;
    }

    /** Several changes of one file, one after the other. */
    private static Path changed(String file, List<Change> changes, Path folder) throws IOException {
        var source = Files.readString(ROOT.resolve(file));
        for (var change : changes) {
            if (change.file().equals(file)) {
                source = change.applyTo(source);
            }
        }
        return Files.writeString(folder.resolve(Path.of(file).getFileName()), source);
    }

    private static void compileFiles(List<Path> sources, Path folder) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var said = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            var done =
                    compiler.getTask(
                                    said,
                                    files,
                                    null,
                                    List.of(
                                            "-proc:none",
                                            "-parameters",
                                            "-d",
                                            folder.toString(),
                                            "-cp",
                                            System.getProperty("java.class.path")),
                                    null,
                                    files.getJavaFileObjectsFromPaths(sources))
                            .call();
            if (!done) {
                throw new AssertionError("the changed sources do not compile: " + said);
            }
        }
    }
}
