package nod.dispatcher.apns;

import nod.benchmarks.pieces.Examples;
import nod.dispatcher.push.MobilePrompt;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.concurrent.TimeUnit;

/** A prompt becomes a payload of APNs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ApnsPayloadBenchmark {

    private final MobilePrompt prompt = Examples.prompt();

    @Benchmark
    public String build() {
        return ApnsPayloads.of(prompt);
    }
}
