package nod.collector.authentik;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import nod.collector.CollectorSettings;
import nod.collector.CollectorSettings.Authentik;
import nod.collector.delivery.Answer;
import nod.collector.delivery.Standing;
import nod.collector.delivery.Tally;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What is counted of authentik's events, and under which names; all there from the start where
 * authentik is told. Thread-safe.
 */
@Component
final class AuthentikMetrics implements Tally {

    /** Tries by what came of them. */
    static final String ATTEMPTS = "nod.collector.authentik.attempts";

    /** Outcomes that authentik was not told, and will not be. */
    static final String GIVEN_UP = "nod.collector.authentik.given.up";

    /** Outcomes that authentik has not been told. */
    static final String BACKLOG = "nod.collector.authentik.backlog";

    /** The age of the oldest of them. */
    static final String OLDEST = "nod.collector.authentik.oldest";

    private final MeterRegistry registry;
    private volatile Standing standing = new Standing(Authentik.ENDPOINT, false, 0, 0);

    AuthentikMetrics(MeterRegistry registry, CollectorSettings settings) {
        this.registry = registry;
        if (settings.authentik().isConfigured()) {
            register();
        }
    }

    /** What came of a try. */
    enum Result {
        POSTED,

        /** An earlier try had told it: nothing was posted. */
        FOUND,
        REFUSED,
        TOKEN_REFUSED,
        NO_ANSWER;

        static Result of(Answer answer) {
            return switch (answer) {
                case Answer.Told(var status) -> status == EventsClient.CREATED ? POSTED : FOUND;
                case Answer.Refused refused when EventsClient.isOfToken(refused.status()) ->
                        TOKEN_REFUSED;
                case Answer.Refused _, Answer.Gone _ -> REFUSED;
                case Answer.Nothing _ -> NO_ANSWER;
            };
        }
    }

    private void register() {
        for (var result : Result.values()) {
            attempts(result);
        }
        givenUps();
        gauge(BACKLOG, null, "Outcomes that authentik has not been told", Standing::backlog);
        gauge(OLDEST, "seconds", "Since the oldest was noted", Standing::oldest);
    }

    private void gauge(
            String name, @Nullable String unit, String meaning, ToDoubleFunction<Standing> value) {
        Gauge.builder(name, this, metrics -> value.applyAsDouble(metrics.standing))
                .description(meaning)
                .baseUnit(unit)
                .register(registry);
    }

    private Counter attempts(Result result) {
        return Counter.builder(ATTEMPTS)
                .description("Tries to tell authentik an outcome")
                .tag("result", result.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    private Counter givenUps() {
        return Counter.builder(GIVEN_UP)
                .description("Outcomes that were given up")
                .register(registry);
    }

    @Override
    public void tried(String endpoint, Answer answer) {
        attempts(Result.of(answer)).increment();
    }

    @Override
    public void givenUp(String endpoint) {
        givenUps().increment();
    }

    @Override
    public void stand(List<Standing> now) {
        now.forEach(one -> standing = one);
    }
}
