package nod.standalone.host;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Programs of the machine that some tests need. */
public final class Programs {

    private Programs() {}

    /** Those that are not on the path. Tells of each: a test that is skipped shows nothing. */
    public static List<String> missing(String... names) {
        var missing = Arrays.stream(names).filter(name -> !isOnThePath(name)).toList();
        missing.forEach(Programs::tell);
        return missing;
    }

    private static boolean isOnThePath(String name) {
        var folders = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
        return Arrays.stream(folders)
                .map(folder -> Path.of(folder, name))
                .anyMatch(Files::isExecutable);
    }

    private static void tell(String name) {
        System.err.println("SKIPPED: there is no " + name + " here, which this test runs");
    }
}
