package nod.dispatcher.dispatch;

import nod.dispatcher.provider.DispatcherMetrics.NotPushed;
import nod.dispatcher.push.MobilePrompt;
import nod.dispatcher.push.PromptToSeal;
import nod.dispatcher.push.Push;
import nod.dispatcher.push.PushContent;
import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.Accepted;
import nod.dispatcher.push.PushResult.CredentialsRefused;
import nod.dispatcher.push.PushResult.Rejected;
import nod.dispatcher.push.PushResult.TryAgain;
import nod.dispatcher.push.PushResult.Unsealable;
import nod.dispatcher.push.PushSender;
import nod.messaging.event.Envelope;
import nod.messaging.event.Traceparent;
import nod.messaging.trace.Detail;
import nod.messaging.trace.Kind;
import nod.schemas.event.DeliveryReported;
import nod.schemas.event.TransactionStarted;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The way of one push to one device, attempt after attempt, until there is a final word. Used once;
 * its steps follow each other and never overlap.
 */
final class DeviceDispatch {

    private static final Logger log = LoggerFactory.getLogger(DeviceDispatch.class);

    private final TransactionStarted started;
    private final Traceparent trace;
    private final UUID device;
    private final DispatchTools tools;
    private final Attempts attempts;

    /** What is done when the present step has ended without a last word; null if nothing is. */
    private @Nullable Mono<DeliveryReported> next;

    DeviceDispatch(Envelope<TransactionStarted> started, UUID device, DispatchTools tools) {
        this.started = started.event();
        this.trace = started.trace();
        this.device = device;
        this.tools = tools;
        this.attempts = new Attempts(this.started.txId(), device, tools.time());
    }

    /**
     * Pushes as long as it makes sense.
     *
     * @param readNanos when the reading was begun: what was left is counted from there
     * @return the report; nothing where there is nothing to report, because the transaction is over
     *     or the device is no longer asked
     */
    Mono<DeliveryReported> reach(Standing standing, long readNanos) {
        next = Mono.defer(() -> step(standing, readNanos));
        // One after the other and not one within the other: in an outage, thousands of pushes are
        // tried many times, and each would keep all its tries.
        return Mono.defer(this::takeNext).repeat(() -> next != null).singleOrEmpty();
    }

    private Mono<DeliveryReported> takeNext() {
        var step = Objects.requireNonNull(next);
        next = null;
        return step;
    }

    private Mono<DeliveryReported> step(Standing standing, long readNanos) {
        return switch (standing) {
            case Standing.Missing _ -> missing();
            case Standing.Closed _ -> passOver(NotPushed.CLOSED);
            case Standing.NoLongerAsked _ -> passOver(NotPushed.NO_LONGER_ASKED);
            case Standing.WithoutKey _ -> Mono.just(attempts.withoutKey());
            case Standing.Waiting waiting ->
                    attempt(waiting, tools.time().nanos() + nanosLeft(waiting, readNanos));
        };
    }

    private long nanosLeft(Standing.Waiting waiting, long readNanos) {
        return waiting.left().minus(tools.time().since(readNanos)).toNanos();
    }

    private Mono<DeliveryReported> missing() {
        log.info("Transaction {} is gone from the database: not pushed", started.txId());
        return passOver(NotPushed.MISSING);
    }

    private Mono<DeliveryReported> passOver(NotPushed reason) {
        tools.metrics().notPushed(reason);
        return Mono.empty();
    }

    private Mono<DeliveryReported> attempt(Standing.Waiting waiting, long expiresNanos) {
        var sender = tools.senders().get(waiting.address().provider());
        if (sender == null) {
            return Mono.just(attempts.unreachable(waiting, "provider_not_configured"));
        }
        var left = leftUntil(expiresNanos);
        if (left.isNegative() || left.isZero()) {
            return passOver(NotPushed.CLOSED);
        }
        return send(sender, waiting, left)
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty())
                .flatMap(
                        result ->
                                result.map(known -> after(known, waiting, expiresNanos))
                                        .orElseGet(() -> lookAgain(waiting, expiresNanos)));
    }

    private Mono<PushResult> send(PushSender sender, Standing.Waiting waiting, Duration left) {
        var push = new Push(waiting.address(), content(waiting), left);
        var patience = left.minus(tools.policy().margin());
        attempts.begin();
        if (attempts.failures() > 0) {
            tools.metrics().retried(sender.provider());
        }
        var sending = traced(sender, push, waiting);
        // The report shall be known before the transaction expires, also of the last attempt.
        return patience.isPositive()
                ? sending.timeout(
                        patience, Mono.just(TryAgain.outage("timeout", null)), tools.scheduler())
                : sending;
    }

    private Mono<PushResult> traced(PushSender sender, Push push, Standing.Waiting waiting) {
        var provider = sender.provider().text();
        var span =
                tools.tracing()
                        .step(Kind.CLIENT, "push " + provider, trace)
                        .with(Detail.PROVIDER, provider)
                        .with(Detail.ATTEMPT, attempts.failures() + 1);
        return span.during(
                sender.send(push, isStill(waiting))
                        .doOnNext(result -> span.with(Detail.RESULT, result.label())));
    }

    /** Whether it stands with the device as it did. */
    private Mono<Boolean> isStill(Standing.Waiting before) {
        return tools.rereads()
                .read(new Asked(started.txId(), device))
                .map(
                        now ->
                                now instanceof Standing.Waiting waiting
                                        && waiting.address().equals(before.address())
                                        && Objects.equals(waiting.sealFor(), before.sealFor()));
    }

    /** Something was different when its turn came, or could not be read. */
    private Mono<DeliveryReported> lookAgain(Standing.Waiting before, long expiresNanos) {
        next = Mono.defer(() -> readAgain(before, expiresNanos));
        return Mono.empty();
    }

    private PushContent content(Standing.Waiting waiting) {
        var prompt = MobilePrompt.of(started, device);
        var key = waiting.sealFor();
        return key == null ? prompt : new PromptToSeal(prompt, key);
    }

    private Mono<DeliveryReported> after(
            PushResult result, Standing.Waiting waiting, long expiresNanos) {
        return switch (result) {
            case Accepted _ -> {
                attempts.asked();
                tools.metrics().accepted(waiting.address().provider(), sinceStart(expiresNanos));
                yield Mono.just(attempts.accepted(waiting));
            }
            case Rejected rejected -> {
                attempts.asked();
                yield Mono.just(attempts.rejected(waiting, rejected));
            }
            case Unsealable _ -> {
                log.warn("Nothing can be sealed for the key of device {}: not pushed", device);
                yield Mono.just(attempts.unsealable(waiting));
            }
            case TryAgain tryAgain -> {
                if (tryAgain.kind() != TryAgain.Kind.NOT_ASKED) {
                    attempts.asked();
                }
                yield againOrNever(result, tryAgain.reason(), waiting, expiresNanos);
            }
            case CredentialsRefused refused -> {
                attempts.asked();
                yield againOrNever(result, refused.reason(), waiting, expiresNanos);
            }
        };
    }

    private Mono<DeliveryReported> againOrNever(
            PushResult result, String reason, Standing.Waiting waiting, long expiresNanos) {
        attempts.failed();
        var left = leftUntil(expiresNanos);
        double chance = tools.chance().getAsDouble();
        return switch (tools.policy().after(attempts.failures(), result, left, chance)) {
            case RetryPolicy.Decision.Stop _ -> Mono.just(attempts.unreachable(waiting, reason));
            case RetryPolicy.Decision.Wait(var delay) -> {
                next =
                        Mono.delay(delay, tools.scheduler())
                                .then(Mono.defer(() -> readAgain(waiting, expiresNanos)));
                yield Mono.empty();
            }
        };
    }

    private Mono<DeliveryReported> readAgain(Standing.Waiting before, long expiresNanos) {
        long readNanos = tools.time().nanos();
        return tools.rereads()
                .read(new Asked(started.txId(), device))
                .<Reread>map(Reread.Known::new)
                .onErrorResume(failure -> Mono.just(new Reread.Unknown(failure)))
                .flatMap(
                        reread ->
                                switch (reread) {
                                    case Reread.Known(var standing) -> step(standing, readNanos);
                                    case Reread.Unknown(var failure) ->
                                            databaseFailed(failure, before, expiresNanos);
                                });
    }

    /**
     * Without a fresh look nothing is pushed; the next look is due as the next attempt would be.
     */
    private Mono<DeliveryReported> databaseFailed(
            Throwable failure, Standing.Waiting before, long expiresNanos) {
        log.warn(
                "Transaction {} could not be read before a retry: {}",
                started.txId(),
                failure.toString());
        var notAsked = TryAgain.notAsked("database_unreachable", null);
        return againOrNever(notAsked, notAsked.reason(), before, expiresNanos);
    }

    private sealed interface Reread {
        record Known(Standing standing) implements Reread {}

        record Unknown(Throwable failure) implements Reread {}
    }

    private Duration leftUntil(long expiresNanos) {
        return Duration.ofNanos(expiresNanos - tools.time().nanos());
    }

    /** By the database's clock, of which only differences are used. */
    private Duration sinceStart(long expiresNanos) {
        var lifetime = Duration.between(started.created(), started.expires());
        var since = lifetime.minus(leftUntil(expiresNanos));
        return since.isNegative() ? Duration.ZERO : since;
    }
}
