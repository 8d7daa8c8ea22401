package nod.benchmarks;

import static java.util.stream.Collectors.joining;

import nod.benchmarks.dispatch.DispatchRun;
import nod.benchmarks.waiting.WaitingRun;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/** What can be measured. */
enum Benchmark {
    /** Whole logins, and the steps of one. */
    LOGINS {
        @Override
        boolean measure(Run run) throws InterruptedException {
            return new LoginBenchmark(run).measure();
        }
    },
    /** The dispatcher alone. */
    DISPATCH {
        @Override
        boolean measure(Run run) {
            var settings = run.settings();
            run.tell(
                    new DispatchRun(run.rig(), settings.backlog(), settings.providerDelay())
                            .measure());
            return true;
        }
    },
    /** Callers that wait at one gateway. */
    WAITING {
        @Override
        boolean measure(Run run) throws InterruptedException {
            var settings = run.settings();
            new WaitingRun(run.rig(), settings.callers(), settings.rate()).measure(run::tell);
            return true;
        }
    },
    /** Each step of a login. */
    LIMITS {
        @Override
        boolean measure(Run run) {
            run.tell(run.limits().table());
            return true;
        }
    };

    /** Measured without a system that runs. */
    static final String PIECES = "pieces";

    /**
     * Measures it on a running system and tells the results.
     *
     * @return whether the guard is met
     */
    abstract boolean measure(Run run) throws InterruptedException;

    /**
     * @throws IllegalArgumentException which says what can be measured
     */
    static Benchmark named(String name) {
        return Arrays.stream(values())
                .filter(benchmark -> benchmark.label().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "benchmark: '%s', expected one of %s"
                                                .formatted(name, labels())));
    }

    private static String labels() {
        return Stream.concat(Arrays.stream(values()).map(Benchmark::label), Stream.of(PIECES))
                .collect(joining(", "));
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
