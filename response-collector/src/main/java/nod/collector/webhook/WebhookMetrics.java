package nod.collector.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import nod.collector.CollectorSettings;
import nod.collector.delivery.Answer;
import nod.collector.delivery.Standing;
import nod.collector.delivery.Tally;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/** What is counted of webhooks, and under which names; all there from the start. Thread-safe. */
@Component
final class WebhookMetrics implements Tally {

    /** Tries by what came of them. */
    static final String ATTEMPTS = "nod.collector.webhook.attempts";

    /** Outcomes that an endpoint was not told, and will not be. */
    static final String GIVEN_UP = "nod.collector.webhook.given.up";

    /** Outcomes that an endpoint has not been told. */
    static final String BACKLOG = "nod.collector.webhook.backlog";

    /** The age of the oldest of them. */
    static final String OLDEST = "nod.collector.webhook.oldest";

    /** Whether the endpoint has said that it is gone. */
    static final String DISABLED = "nod.collector.webhook.disabled";

    private final MeterRegistry registry;
    private final Map<String, Standing> standings = new ConcurrentHashMap<>();

    WebhookMetrics(MeterRegistry registry, CollectorSettings settings) {
        this.registry = registry;
        settings.webhooks().keySet().forEach(this::register);
    }

    /** What came of a try. */
    enum Result {
        DELIVERED,
        REFUSED,
        GONE,
        NO_ANSWER;

        static Result of(Answer answer) {
            return switch (answer) {
                case Answer.Told _ -> DELIVERED;
                case Answer.Refused _ -> REFUSED;
                case Answer.Gone _ -> GONE;
                case Answer.Nothing _ -> NO_ANSWER;
            };
        }
    }

    private void register(String endpoint) {
        for (var result : Result.values()) {
            attempts(endpoint, result);
        }
        givenUps(endpoint);
        gauge(BACKLOG, null, endpoint, "Outcomes that it has not been told", Standing::backlog);
        gauge(OLDEST, "seconds", endpoint, "Since the oldest was noted", Standing::oldest);
        gauge(
                DISABLED,
                null,
                endpoint,
                "1 where it said that it is gone",
                one -> one.disabled() ? 1 : 0);
    }

    private void gauge(
            String name,
            @Nullable String unit,
            String endpoint,
            String meaning,
            ToDoubleFunction<Standing> value) {
        standings.put(endpoint, new Standing(endpoint, false, 0, 0));
        Gauge.builder(
                        name,
                        standings,
                        all -> value.applyAsDouble(Objects.requireNonNull(all.get(endpoint))))
                .description(meaning)
                .baseUnit(unit)
                .tag("endpoint", endpoint)
                .register(registry);
    }

    private Counter attempts(String endpoint, Result result) {
        var text = result.name().toLowerCase(Locale.ROOT);
        return Counter.builder(ATTEMPTS)
                .description("Tries to tell an outcome")
                .tags(Tags.of("endpoint", endpoint, "result", text))
                .register(registry);
    }

    private Counter givenUps(String endpoint) {
        return Counter.builder(GIVEN_UP)
                .description("Outcomes that were given up")
                .tag("endpoint", endpoint)
                .register(registry);
    }

    @Override
    public void tried(String endpoint, Answer answer) {
        attempts(endpoint, Result.of(answer)).increment();
    }

    @Override
    public void givenUp(String endpoint) {
        givenUps(endpoint).increment();
    }

    @Override
    public void stand(List<Standing> now) {
        now.forEach(standing -> standings.put(standing.endpoint(), standing));
    }
}
