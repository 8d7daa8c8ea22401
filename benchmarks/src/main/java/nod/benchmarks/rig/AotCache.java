package nod.benchmarks.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A service's jar taken apart, and what its JVM found out while it started, as its image has them.
 */
final class AotCache {

    private AotCache() {}

    /**
     * Makes both.
     *
     * @param java the program
     * @param jar of the service, which holds all others
     * @param folder gets them
     * @param options of the JVM, when the cache is made and when it is used
     * @param log where the output is added
     * @return what follows the program to start the service
     */
    static List<String> commandFor(
            String java, Path jar, Path folder, List<String> options, Path log) {
        run(
                log,
                List.of(java, "-Djarmode=tools", "-jar", jar.toString(), "extract"),
                List.of("--force", "--destination", folder.toString()));
        var cache = folder.resolve("app.aot").toString();
        var apart = folder.resolve(jar.getFileName()).toString();
        var training = new ArrayList<>(List.of(java));
        training.addAll(options);
        run(
                log,
                training,
                List.of(
                        "-XX:AOTCacheOutput=" + cache,
                        "-Dspring.context.exit=onRefresh",
                        "-jar",
                        apart,
                        "--spring.flyway.enabled=false",
                        "--nod.gateway.public-url=http://localhost/"));
        if (!Files.exists(Path.of(cache))) {
            throw new IllegalStateException("no AOT cache was made, the log says why: " + log);
        }
        var command = new ArrayList<>(options);
        command.addAll(List.of("-XX:AOTCache=" + cache, "-jar", apart));
        return command;
    }

    private static void run(Path log, List<String> program, List<String> arguments) {
        var command = new ArrayList<>(program);
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
