package nod.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/** What can be measured. */
enum Benchmark {
    LOGINS {
        @Override
        boolean measure(Run run) throws InterruptedException {
            return new LoginBenchmark(run).measure();
        }
    },
    LIMITS {
        @Override
        boolean measure(Run run) {
            run.tell(run.limits().table());
            return true;
        }
    };

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
        return String.join(", ", Arrays.stream(values()).map(Benchmark::label).toList());
    }

    private String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
