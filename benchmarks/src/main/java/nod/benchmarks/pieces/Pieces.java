package nod.benchmarks.pieces;

import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import java.nio.file.Path;

/** Runs all benchmarks of pieces. */
public final class Pieces {

    private static final int FORKS = 2;
    private static final int ITERATIONS = 5;

    private Pieces() {}

    /**
     * Prints its results, and writes them as JSON.
     *
     * @param seconds of each iteration
     */
    public static void measure(Path results, long seconds) throws RunnerException {
        var options =
                new OptionsBuilder()
                        .include("nod\\..*Benchmark")
                        .forks(FORKS)
                        .warmupIterations(ITERATIONS)
                        .warmupTime(TimeValue.seconds(seconds))
                        .measurementIterations(ITERATIONS)
                        .measurementTime(TimeValue.seconds(seconds))
                        .jvmArgsAppend("--sun-misc-unsafe-memory-access=allow")
                        .resultFormat(ResultFormatType.JSON)
                        .result(results.toString())
                        .build();
        new Runner(options).run();
    }
}
