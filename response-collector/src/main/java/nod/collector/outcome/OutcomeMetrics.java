package nod.collector.outcome;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.time.Duration;
import java.util.stream.IntStream;

/** What the response collector counts, and under which names. */
@Component
final class OutcomeMetrics {

    /** Decisions by status and reason. */
    static final String OUTCOMES = "nod.collector.outcomes";

    /** From the claim, or else the expiry, to the decision; by the database's clock. */
    static final String LATENCY = "nod.collector.decision.latency";

    /** Events about a transaction that has no row, or no claim: pruned, or restored away. */
    static final String STRAY = "nod.collector.events.stray";

    /** From the start to the answer, of those that were answered; by the database's clock. */
    static final String TIME_TO_ANSWER = "nod.collector.time.to.answer";

    private static final String NO_REASON = "none";

    /** People take seconds to minutes; a login lasts ten minutes at most. */
    private static final Duration[] ANSWERED_WITHIN =
            IntStream.of(1, 2, 3, 5, 8, 13, 20, 30, 45, 60, 90, 120, 180, 300, 600)
                    .mapToObj(Duration::ofSeconds)
                    .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Counter stray;

    OutcomeMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.stray =
                Counter.builder(STRAY)
                        .description("Events about a transaction without a row or a claim")
                        .register(registry);
        outcomes(TransactionStatus.EXPIRED, null);
        for (var reason : OutcomeReason.values()) {
            outcomes(statusOf(reason), reason);
        }
    }

    private static TransactionStatus statusOf(OutcomeReason reason) {
        return switch (reason) {
            case MATCHED -> TransactionStatus.ACCEPT;
            case DECLINED, REPORTED, WRONG_ITEM -> TransactionStatus.DENY;
            case SUPERSEDED, CANCELLED -> TransactionStatus.CANCELLED;
            case NO_PUSH_KEY, REJECTED, UNREACHABLE -> TransactionStatus.UNDELIVERABLE;
        };
    }

    private Counter outcomes(TransactionStatus status, @Nullable OutcomeReason reason) {
        return Counter.builder(OUTCOMES)
                .description("Decided transactions")
                .tag("status", status.text())
                .tag("reason", text(reason))
                .register(registry);
    }

    void stray() {
        stray.increment();
    }

    void decided(Decisions.Decided decided) {
        var outcome = decided.outcome();
        outcomes(outcome.status(), outcome.reason()).increment();
        timer(LATENCY, "From the claim, or else the expiry, to the decision", outcome.status())
                .publishPercentileHistogram()
                .register(registry)
                .record(Duration.between(decided.closed(), outcome.decided()));
        if (outcome.answeredBy() != null) {
            timer(TIME_TO_ANSWER, "From the start to the answer", outcome.status())
                    .serviceLevelObjectives(ANSWERED_WITHIN)
                    .register(registry)
                    .record(Duration.between(outcome.created(), decided.closed()));
        }
    }

    private static Timer.Builder timer(String name, String meaning, TransactionStatus status) {
        return Timer.builder(name).description(meaning).tag("status", status.text());
    }

    private static String text(@Nullable OutcomeReason reason) {
        return reason == null ? NO_REASON : reason.text();
    }
}
