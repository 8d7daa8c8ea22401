package nod.gateway.transaction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import nod.gateway.web.Refusal;

import java.util.function.Supplier;

/** The starts that wait to be done in one way, and those that are too many. Thread-safe. */
final class Crowd {

    /** Starts that wait until they are done. */
    static final String WAITING = "nod.gateway.starts.waiting";

    /** Starts that were refused because too many came. */
    static final String CROWDED_OUT = "nod.gateway.starts.crowded.out";

    /** The tag that tells how they are done. */
    static final String WAY = "way";

    private final Counter crowdedOut;

    /**
     * @param way how they are done: alone or together
     * @param waiting how many wait
     */
    Crowd(String way, Supplier<Number> waiting, MeterRegistry metrics) {
        crowdedOut =
                Counter.builder(CROWDED_OUT)
                        .description("Starts that were refused because too many came")
                        .tag(WAY, way)
                        .register(metrics);
        Gauge.builder(WAITING, waiting)
                .description("Starts that wait until they are done")
                .tag(WAY, way)
                .register(metrics);
    }

    /** What one too many is told, who is counted. */
    Refusal oneTooMany() {
        crowdedOut.increment();
        return Refusal.unavailable("Too many logins are being started.");
    }
}
