package nod.collector.outcome;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import nod.schemas.event.OutcomeReason;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.time.Duration;

/** What the response collector counts, and under which names. */
@Component
final class OutcomeMetrics {

    /** Decisions by status and reason. */
    static final String OUTCOMES = "nod.collector.outcomes";

    /** From the claim, or else the expiry, to the decision; by the database's clock. */
    static final String LATENCY = "nod.collector.decision.latency";

    /** Events about a transaction that has no row, or no claim: pruned, or restored away. */
    static final String STRAY = "nod.collector.events.stray";

    private static final String NO_REASON = "none";

    private final MeterRegistry registry;
    private final Counter stray;

    OutcomeMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.stray =
                Counter.builder(STRAY)
                        .description("Events about a transaction without a row or a claim")
                        .register(registry);
    }

    void stray() {
        stray.increment();
    }

    void decided(Decisions.Decided decided) {
        var outcome = decided.outcome();
        var status = outcome.status().text();
        Counter.builder(OUTCOMES)
                .description("Decided transactions")
                .tag("status", status)
                .tag("reason", text(outcome.reason()))
                .register(registry)
                .increment();
        Timer.builder(LATENCY)
                .description("From the claim, or else the expiry, to the decision")
                .tag("status", status)
                .publishPercentileHistogram()
                .register(registry)
                .record(Duration.between(decided.closed(), outcome.decided()));
    }

    private static String text(@Nullable OutcomeReason reason) {
        return reason == null ? NO_REASON : reason.text();
    }
}
