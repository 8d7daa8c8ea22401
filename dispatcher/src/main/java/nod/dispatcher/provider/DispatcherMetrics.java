package nod.dispatcher.provider;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import nod.dispatcher.push.PushResult;
import nod.schemas.event.DeliveryState;
import nod.schemas.event.Provider;

import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** What is measured, and what it is called. Every tag has few values; none is a key or a user. */
public final class DispatcherMetrics {

    static final String PROVIDER_LATENCY = "nod.dispatcher.provider.latency";
    static final String START_TO_PROVIDER = "nod.dispatcher.start.to.provider";
    static final String IN_FLIGHT = "nod.dispatcher.in.flight";
    static final String WAITING = "nod.dispatcher.waiting";
    static final String RETRIES = "nod.dispatcher.retries";
    static final String BREAKER_OPEN = "nod.dispatcher.breaker.open";
    static final String CREDENTIALS_ACCEPTED = "nod.dispatcher.credentials.accepted";
    static final String REPORTS = "nod.dispatcher.reports";
    static final String NOT_PUSHED = "nod.dispatcher.not.pushed";

    static final String NOTICES = "nod.dispatcher.notices";

    private static final String PROVIDER = "provider";
    private static final String RESULT = "result";
    private static final String STATE = "state";
    private static final String REASON = "reason";

    private final MeterRegistry registry;

    public DispatcherMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (var state : DeliveryState.values()) {
            reports(state);
        }
        for (var reason : NotPushed.values()) {
            notPushedBy(reason);
        }
    }

    /** Why an asked device was passed over, without a report. */
    public enum NotPushed {
        /** Answered, withdrawn, decided or expired meanwhile. */
        CLOSED,
        /** The device was removed meanwhile. */
        NO_LONGER_ASKED,
        /** The transaction is gone from the database: pruned or restored away. */
        MISSING
    }

    void answered(Provider provider, PushResult result, Duration latency) {
        Timer.builder(PROVIDER_LATENCY)
                .description("One attempt at a provider, from the call to its answer")
                .tag(PROVIDER, provider.text())
                .tag(RESULT, result.label())
                .publishPercentileHistogram()
                .register(registry)
                .record(latency);
    }

    /** A push was taken over so long after its transaction was started. */
    public void accepted(Provider provider, Duration sinceStart) {
        Timer.builder(START_TO_PROVIDER)
                .description("From the start of a transaction until a provider took its push over")
                .tag(PROVIDER, provider.text())
                .publishPercentileHistogram()
                .register(registry)
                .record(sinceStart);
    }

    /** An attempt after the first. */
    public void retried(Provider provider) {
        retries(provider).increment();
    }

    private Counter retries(Provider provider) {
        return Counter.builder(RETRIES)
                .description("Attempts after the first")
                .tag(PROVIDER, provider.text())
                .register(registry);
    }

    /** A report was published. */
    public void reported(DeliveryState state) {
        reports(state).increment();
    }

    private Counter reports(DeliveryState state) {
        return Counter.builder(REPORTS)
                .description("Published reports, one for each asked device")
                .tag(STATE, state.text())
                .register(registry);
    }

    /** A phone was told of another device, or finally not. */
    public void told(Provider provider, PushResult result) {
        Counter.builder(NOTICES)
                .description("Notices of a new device, by the last answer to each")
                .tag(PROVIDER, provider.text())
                .tag(RESULT, result.label())
                .register(registry)
                .increment();
    }

    /** An asked device was passed over. */
    public void notPushed(NotPushed reason) {
        notPushedBy(reason).increment();
    }

    private Counter notPushedBy(NotPushed reason) {
        return Counter.builder(NOT_PUSHED)
                .description("Asked devices that were passed over, without a report")
                .tag(REASON, reason.name().toLowerCase(Locale.ROOT))
                .register(registry);
    }

    void watch(Provider provider, InFlight inFlight) {
        gauge(IN_FLIGHT, "Pushes at the provider", provider, inFlight::running);
        retries(provider);
        gauge(WAITING, "Pushes that wait for room at the provider", provider, inFlight::waiting);
    }

    void watchBreaker(Provider provider, Supplier<Number> open) {
        gauge(
                BREAKER_OPEN,
                "1 while the provider is not asked, 0.5 while it is probed",
                provider,
                open);
    }

    void watchCredentials(Provider provider, Supplier<Number> accepted) {
        gauge(
                CREDENTIALS_ACCEPTED,
                "0 while the provider refuses our credentials",
                provider,
                accepted);
    }

    private void gauge(String name, String description, Provider provider, Supplier<Number> value) {
        Gauge.builder(name, value)
                .description(description)
                .tag(PROVIDER, provider.text())
                .register(registry);
    }
}
