package nod.benchmarks;

import nod.benchmarks.pieces.Pieces;
import nod.benchmarks.rig.Aot;
import nod.benchmarks.rig.Rig;

import org.openjdk.jmh.runner.RunnerException;

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
    public static void main(String[] arguments)
            throws IOException, InterruptedException, RunnerException {
        var settings = BenchmarkSettings.of(Arrays.copyOfRange(arguments, 1, arguments.length));
        Folders.empty(settings.folder());
        // Libraries leave threads behind.
        System.exit(isGood(arguments[0], settings) ? 0 : 1);
    }

    private static boolean isGood(String name, BenchmarkSettings settings)
            throws InterruptedException, RunnerException {
        if (name.equals(Benchmark.PIECES)) {
            Pieces.measure(
                    settings.folder().resolve("pieces.json"), settings.stepDuration().toSeconds());
            return true;
        }
        var benchmark = Benchmark.named(name);
        var plan = plan(settings);
        if (settings.aot() == Aot.LOAD) {
            AotTraining.run(plan, settings.phones());
        }
        try (var rig = Rig.start(plan)) {
            return benchmark.measure(new Run(rig, settings, System.out::println));
        }
    }

    private static Rig.Plan plan(BenchmarkSettings settings) {
        return new Rig.Plan(
                Path.of("").toAbsolutePath(),
                settings.folder().toAbsolutePath(),
                settings.instances(),
                List.of(settings.jvm().split(" ")),
                settings.aot(),
                settings.folder().toAbsolutePath().resolve("aot"),
                false,
                settings.fcmClient());
    }
}
