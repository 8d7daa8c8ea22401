package nod.gateway.transaction;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import nod.gateway.web.Refusal;

/** The starts that are refused because too many come. Thread-safe. */
final class CrowdedOut {

    /** How many they are, by the way that they would have been done. */
    static final String NAME = "nod.gateway.starts.crowded.out";

    private final Counter count;

    /**
     * @param way how such starts are done: alone or together
     */
    CrowdedOut(String way, MeterRegistry metrics) {
        count =
                Counter.builder(NAME)
                        .description("Starts that were refused because too many came")
                        .tag("way", way)
                        .register(metrics);
    }

    /** What one more is told, which is counted. */
    Refusal oneMore() {
        count.increment();
        return Refusal.unavailable("Too many logins are being started.");
    }
}
