package nod.benchmarks.raw;

import nod.benchmarks.rig.Rig;
import nod.benchmarks.rig.Usage;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.time.Duration;

/** Measures each step alone, as often as it can be done with a few at a time. */
public final class Limits {

    /** Enough to keep two cores busy. */
    private static final int AT_ONCE = 32;

    private final Rig rig;
    private final Duration duration;

    /**
     * @param duration for which each step is done before it is measured, and again while it is
     */
    public Limits(Rig rig, Duration duration) {
        this.rig = rig;
        this.duration = duration;
    }

    /** What a login costs at least. */
    public Floor measure() {
        try (var steps = Steps.of(rig)) {
            return new Floor(steps.all().stream().map(this::measured).toList());
        }
    }

    private Measured measured(Step step) {
        repeat(step.once());
        var before = rig.usage();
        long began = System.nanoTime();
        long count = repeat(step.once());
        double seconds = (System.nanoTime() - began) / 1e9;
        var used = rig.usage().since(before);
        return new Measured(step.name(), count / seconds, micros(step, used) / count, step.times());
    }

    private static double micros(Step step, Usage used) {
        return step.processes().stream().mapToLong(name -> used.of(name).toNanos()).sum() / 1000.0;
    }

    private long repeat(Mono<?> once) {
        long end = System.nanoTime() + duration.toNanos();
        var count =
                Flux.<Integer>generate(
                                sink -> {
                                    if (System.nanoTime() < end) {
                                        sink.next(0);
                                    } else {
                                        sink.complete();
                                    }
                                })
                        .flatMap(_ -> once.thenReturn(1), AT_ONCE)
                        .count()
                        .block();
        return count == null ? 0 : count;
    }
}
