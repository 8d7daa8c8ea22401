package nod.dispatcher.provider;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;

import nod.dispatcher.push.Push;
import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.Accepted;
import nod.dispatcher.push.PushResult.CredentialsRefused;
import nod.dispatcher.push.PushResult.Rejected;
import nod.dispatcher.push.PushResult.TryAgain;
import nod.dispatcher.push.PushResult.Unsealable;
import nod.dispatcher.push.PushSender;
import nod.schemas.event.Provider;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A provider behind its own bounds, so that a broken one slows nobody else: so many pushes in
 * flight, so many waiting, and a circuit breaker. A push that finds the circuit open or the line
 * full is to be tried again; the provider was not asked.
 */
public final class GuardedSender implements PushSender {

    /** A push that has waited for longer may have been answered or withdrawn meanwhile. */
    private static final Duration LATE = Duration.ofSeconds(1);

    /**
     * So few are at a provider until it has answered one: what waits inside a client that has no
     * connection yet cannot be looked up again.
     */
    private static final int FIRST = 4;

    /** Stands for an outage in the breaker's books, where it is never thrown. */
    private static final Exception OUTAGE = new OutageException();

    private final PushSender sender;
    private final InFlight inFlight;
    private final int maxInFlight;
    private final CircuitBreaker breaker;
    private final ProviderHealth health;
    private final Promptness promptness;
    private final DispatcherMetrics metrics;
    private final Duration openFor;
    private final TimeSource time;
    private final Scheduler scheduler;

    /**
     * The bounds.
     *
     * @param maxInFlight pushes at the provider
     * @param maxWaiting pushes that wait for room
     * @param failurePercent the share of outages among the answers of {@code window} from which on
     *     the provider is left alone
     * @param minimumCalls but not before so many answers
     * @param openFor how long it is left alone before it is probed
     */
    public record Bounds(
            int maxInFlight,
            int maxWaiting,
            int failurePercent,
            Duration window,
            int minimumCalls,
            Duration openFor) {}

    public GuardedSender(
            PushSender sender,
            Bounds bounds,
            DispatcherMetrics metrics,
            TimeSource time,
            Scheduler scheduler) {
        this.sender = sender;
        this.inFlight =
                new InFlight(
                        Math.min(FIRST, bounds.maxInFlight()),
                        bounds.maxInFlight(),
                        bounds.maxWaiting());
        this.maxInFlight = bounds.maxInFlight();
        this.breaker = breaker(sender.provider(), bounds);
        this.health = new ProviderHealth(sender.provider(), time);
        this.promptness = new Promptness(time);
        this.metrics = metrics;
        this.openFor = bounds.openFor();
        this.time = time;
        this.scheduler = scheduler;
        watch();
    }

    private static CircuitBreaker breaker(Provider provider, Bounds bounds) {
        return CircuitBreaker.of(
                provider.text(),
                CircuitBreakerConfig.custom()
                        .slidingWindow(
                                Math.toIntExact(bounds.window().toSeconds()),
                                bounds.minimumCalls(),
                                CircuitBreakerConfig.SlidingWindowType.TIME_BASED)
                        .failureRateThreshold(bounds.failurePercent())
                        .waitDurationInOpenState(bounds.openFor())
                        .permittedNumberOfCallsInHalfOpenState(5)
                        // Probes that are never answered must not leave it half open for ever.
                        .maxWaitDurationInHalfOpenState(Duration.ofSeconds(30))
                        .build());
    }

    private void watch() {
        var provider = provider();
        metrics.watch(provider, inFlight);
        metrics.watchCredentials(provider, () -> health.refusal() == null ? 1 : 0);
        metrics.watchBreaker(
                provider,
                () ->
                        switch (breaker.getState()) {
                            case OPEN, FORCED_OPEN -> 1;
                            case HALF_OPEN -> 0.5;
                            case CLOSED, DISABLED, METRICS_ONLY -> 0;
                        });
    }

    /** Whether the provider accepts our credentials. */
    public ProviderHealth health() {
        return health;
    }

    @Override
    public Provider provider() {
        return sender.provider();
    }

    /**
     * Whether further pushes had better come later: more wait for room than may be at the provider,
     * and it answers promptly, so that they do not wait for long. A slow or broken provider is no
     * reason to hold back what may be for another one.
     */
    boolean isCrowded() {
        return inFlight.waiting() > maxInFlight && promptness.isPrompt();
    }

    /** Tells of credentials that are refused before a push is; neither counts in the breaker. */
    @Override
    public Mono<PushResult> prepare() {
        return sender.prepare().doOnNext(this::noteRefusal);
    }

    private void noteRefusal(PushResult result) {
        if (result instanceof CredentialsRefused(var reason, var everyPush)) {
            health.refused(reason, everyPush);
        }
    }

    @Override
    public Mono<PushResult> send(Push push) {
        return send(push, Mono.just(true));
    }

    @Override
    public Mono<PushResult> send(Push push, Mono<Boolean> stillWanted) {
        PushResult busy = TryAgain.notAsked("provider_busy", null);
        return Mono.defer(
                () -> {
                    long asked = time.nanos();
                    return inFlight.run(
                                    Mono.defer(() -> sendInTurn(push, asked, stillWanted)), busy)
                            .timeout(push.left(), Mono.just(busy), scheduler);
                });
    }

    /** It keeps its turn while it is looked up, or a crowd would be looked up for ever. */
    private Mono<PushResult> sendInTurn(Push push, long asked, Mono<Boolean> stillWanted) {
        return time.since(asked).compareTo(LATE) > 0
                ? stillWanted
                        .onErrorReturn(false)
                        .filter(wanted -> wanted)
                        .flatMap(_ -> sendNow(push, asked))
                : sendNow(push, asked);
    }

    private Mono<PushResult> sendNow(Push push, long asked) {
        var left = push.left().minus(time.since(asked));
        if (left.isNegative() || left.isZero()) {
            return Mono.just(TryAgain.notAsked("provider_busy", null));
        }
        if (!breaker.tryAcquirePermission()) {
            return Mono.just(TryAgain.notAsked("circuit_open", openFor));
        }
        long began = time.nanos();
        promptness.asked();
        return sender.send(new Push(push.address(), push.content(), left))
                .doOnNext(result -> settle(result, time.since(began)))
                .doOnError(_ -> giveUp())
                .doOnCancel(this::giveUp);
    }

    private void giveUp() {
        promptness.givenUp();
        breaker.releasePermission();
    }

    private void settle(PushResult result, Duration latency) {
        if (!(result instanceof Unsealable)) {
            metrics.answered(provider(), result, latency);
            promptness.answered(latency);
            inFlight.widen();
        }
        switch (result) {
            case Accepted _, Rejected _ -> {
                breaker.onSuccess(latency.toNanos(), TimeUnit.NANOSECONDS);
                health.accepted();
            }
            case Unsealable _ -> giveUp();
            case TryAgain(_, _, var kind) -> settle(kind, latency);
            case CredentialsRefused(var reason, var everyPush) -> {
                health.refused(reason, everyPush);
                settle(everyPush ? TryAgain.Kind.OUTAGE : TryAgain.Kind.PATIENCE, latency);
            }
        }
    }

    private void settle(TryAgain.Kind kind, Duration latency) {
        switch (kind) {
            case OUTAGE -> breaker.onError(latency.toNanos(), TimeUnit.NANOSECONDS, OUTAGE);
            case PATIENCE, NOT_ASKED -> breaker.releasePermission();
        }
    }

    private static final class OutageException extends Exception {

        private static final long serialVersionUID = 1;

        OutageException() {
            super("the provider is out of order", null, false, false);
        }
    }
}
