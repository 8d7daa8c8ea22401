package nod.benchmarks;

import nod.benchmarks.rig.Rig;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Runs one of the measurements.
 *
 * <p>Arguments: its name, as {@link Benchmark} has it, then {@code --setting=value} as {@link
 * BenchmarkSettings} names them.
 */
public final class BenchmarksMain {

    private BenchmarksMain() {}

    /** Ends with status 1 where the guard of the settings is not met. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        var benchmark = Benchmark.named(arguments[0]);
        var settings = BenchmarkSettings.of(Arrays.copyOfRange(arguments, 1, arguments.length));
        Folders.empty(settings.folder());
        boolean good;
        try (var rig = Rig.start(plan(settings))) {
            var run = new Run(rig, settings, System.out::println);
            good = benchmark.measure(run);
        }
        // Libraries leave threads behind.
        System.exit(good ? 0 : 1);
    }

    private static Rig.Plan plan(BenchmarkSettings settings) {
        return new Rig.Plan(
                Path.of("").toAbsolutePath(),
                settings.folder().toAbsolutePath(),
                settings.instances(),
                List.of(settings.jvm().split(" ")));
    }
}
