package nod.benchmarks.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A service's jar taken apart, as in its image, and the AOT cache that belongs to it. */
final class AotCache {

    private final Path jar;
    private final Path folder;
    private final List<String> options;
    private final Path log;

    /**
     * A cache that may be there or not.
     *
     * @param jar of the service, which holds all others
     * @param folder gets both
     * @param options of the JVM, when the cache is made and when it is used
     * @param log where the output is added
     */
    AotCache(Path jar, Path folder, List<String> options, Path log) {
        this.jar = jar;
        this.folder = folder;
        this.options = options;
        this.log = log;
    }

    /** Takes the jar apart. A cache that was made before does not fit any more. */
    void extract() {
        run(
                List.of(
                        "-Djarmode=tools",
                        "-jar",
                        jar.toString(),
                        "extract",
                        "--force",
                        "--destination",
                        folder.toString()));
    }

    /** Makes the cache of a start that ends before it would need a server. */
    void makeOfStart() {
        var command = new ArrayList<>(List.of("-Dspring.context.exit=onRefresh"));
        command.addAll(makingCommand());
        command.addAll(
                List.of(
                        "--spring.flyway.enabled=false",
                        "--nod.gateway.public-url=http://localhost/"));
        run(command);
    }

    /** What follows the program for a service that makes the cache when it ends. */
    List<String> makingCommand() {
        return command("-XX:AOTCacheOutput=" + file());
    }

    /** What follows the program for a service that uses the cache. */
    List<String> usingCommand() {
        if (!Files.exists(file())) {
            throw new IllegalStateException("no AOT cache was made, the log says why: " + log);
        }
        return command("-XX:AOTCache=" + file());
    }

    private Path file() {
        return folder.resolve("app.aot");
    }

    private List<String> command(String option) {
        var command = new ArrayList<>(options);
        command.addAll(List.of(option, "-jar", folder.resolve(jar.getFileName()).toString()));
        return command;
    }

    private void run(List<String> arguments) {
        var command = new ArrayList<>(List.of(JvmProcess.jdk("java")));
        command.addAll(arguments);
        try {
            int status =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                            .start()
                            .waitFor();
            if (status != 0) {
                throw new IllegalStateException(
                        "%s ended with %d, the log says why: %s".formatted(command, status, log));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while an AOT cache was made", e);
        }
    }
}
