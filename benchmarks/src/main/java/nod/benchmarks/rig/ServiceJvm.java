package nod.benchmarks.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How the JVM of a service is started. For one thread at a time. */
final class ServiceJvm {

    private final Rig.Plan plan;
    private final Map<String, List<String>> commands = new HashMap<>();

    ServiceJvm(Rig.Plan plan) {
        this.plan = plan;
    }

    /** What follows the program {@code java}. */
    List<String> commandFor(String service) {
        return commands.computeIfAbsent(service, this::command);
    }

    private List<String> command(String service) {
        var command = new ArrayList<>(plan.jvm());
        command.addAll(
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow"));
        if (plan.aot() == Aot.NONE) {
            command.addAll(List.of("-jar", jar(service).toString()));
            return command;
        }
        var cache =
                new AotCache(
                        jar(service),
                        plan.caches().resolve(service),
                        command,
                        plan.log(service + "-aot"));
        return plan.training() ? trained(cache) : withCache(cache);
    }

    private static List<String> trained(AotCache cache) {
        cache.extract();
        return cache.makingCommand();
    }

    private List<String> withCache(AotCache cache) {
        if (plan.aot() == Aot.START) {
            cache.extract();
            cache.makeOfStart();
        }
        return cache.usingCommand();
    }

    private Path jar(String service) {
        var folder = plan.root().resolve(service).resolve("target");
        try (var files = Files.newDirectoryStream(folder, service + "-*-exec.jar")) {
            return files.iterator().next();
        } catch (IOException e) {
            throw new UncheckedIOException("package the services first", e);
        }
    }
}
