package nod.dispatcher.notice;

import nod.dispatcher.dispatch.RetryPolicy;
import nod.dispatcher.notice.OtherDevices.Added;
import nod.dispatcher.provider.DispatcherMetrics;
import nod.dispatcher.provider.TimeSource;
import nod.dispatcher.push.Push;
import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushSender;
import nod.messaging.consume.EventHandler;
import nod.messaging.event.Envelope;
import nod.schemas.event.DeviceChange;
import nod.schemas.event.DeviceChanged;
import nod.schemas.event.Provider;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.DoubleSupplier;

/**
 * Tells a user's other phones that one was added. A notice is tried for as long as it is worth
 * telling, as the pushes of a login are; what a provider finally says of it is counted and logged,
 * and nothing depends on it. After a restart it may be told again, in the place of the first.
 */
final class DeviceNotices implements EventHandler<DeviceChanged> {

    /** Older news surprises more than it informs; the dispatcher may have been away that long. */
    static final Duration WORTH_TELLING = Duration.ofHours(1);

    private static final Logger log = LoggerFactory.getLogger(DeviceNotices.class);

    private final OtherDevices others;
    private final Tools tools;

    /**
     * What every notice's way needs.
     *
     * @param senders the providers that are configured
     * @param chance a random number, from 0 up to but not including 1
     */
    record Tools(
            Map<Provider, ? extends PushSender> senders,
            RetryPolicy policy,
            DispatcherMetrics metrics,
            DoubleSupplier chance,
            TimeSource time,
            Scheduler scheduler) {}

    DeviceNotices(OtherDevices others, Tools tools) {
        this.others = others;
        this.tools = tools;
    }

    /** One look into the database for a poll; its events are done together. */
    @Override
    public List<? extends CompletionStage<? extends @Nullable Object>> handle(
            List<Envelope<DeviceChanged>> batch) {
        var added =
                batch.stream()
                        .filter(envelope -> envelope.event().change() == DeviceChange.CONFIRMED)
                        .map(DeviceNotices::added)
                        .toList();
        CompletableFuture<@Nullable Void> done =
                (added.isEmpty() ? Mono.<Void>empty() : tell(added)).toFuture();
        return Collections.nCopies(batch.size(), done);
    }

    private static Added added(Envelope<DeviceChanged> envelope) {
        return new Added(envelope.event().device(), envelope.time().plus(WORTH_TELLING));
    }

    private Mono<Void> tell(List<Added> added) {
        long readNanos = tools.time().nanos();
        return others.read(added)
                .publishOn(tools.scheduler())
                .flatMapIterable(all -> all)
                .flatMap(other -> attempt(other, readNanos + other.left().toNanos(), 1), 256)
                .then();
    }

    private Mono<Void> attempt(OtherDevice other, long endNanos, int number) {
        var sender = tools.senders().get(other.address().provider());
        var left = Duration.ofNanos(endNanos - tools.time().nanos());
        if (sender == null || !left.isPositive()) {
            return Mono.empty();
        }
        return sender.send(new Push(other.address(), other.notice(), left))
                .flatMap(result -> after(result, other, endNanos, number));
    }

    private Mono<Void> after(PushResult result, OtherDevice other, long endNanos, int number) {
        var left = Duration.ofNanos(endNanos - tools.time().nanos());
        var chance = tools.chance().getAsDouble();
        return switch (tools.policy().after(number, result, left, chance)) {
            case RetryPolicy.Decision.Stop _ -> {
                tools.metrics().told(other.address().provider(), result);
                log.info(
                        "A device of the owner of the new device {} was told: {}",
                        other.notice().added(),
                        result.label());
                yield Mono.empty();
            }
            case RetryPolicy.Decision.Wait(var delay) ->
                    Mono.delay(delay, tools.scheduler())
                            .then(Mono.defer(() -> attempt(other, endNanos, number + 1)));
        };
    }
}
