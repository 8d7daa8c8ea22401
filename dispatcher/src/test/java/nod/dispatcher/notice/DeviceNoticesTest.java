package nod.dispatcher.notice;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import nod.dispatcher.dispatch.RetryPolicy;
import nod.dispatcher.provider.DispatcherMetrics;
import nod.dispatcher.provider.TimeSource;
import nod.dispatcher.push.DeviceAdded;
import nod.dispatcher.push.Push;
import nod.dispatcher.push.PushAddress;
import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.ScriptedSender;
import nod.messaging.event.Envelope;
import nod.messaging.event.Traceparent;
import nod.schemas.event.Actor;
import nod.schemas.event.DeviceChange;
import nod.schemas.event.DeviceChanged;
import nod.schemas.event.Provider;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

class DeviceNoticesTest {

    private static final Instant CONFIRMED = Instant.parse("2026-03-01T12:00:00Z");
    private static final UUID NEW = UUID.randomUUID();

    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
    private final TimeSource time = () -> scheduler.now(NANOSECONDS);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ScriptedSender fcm = new ScriptedSender(Provider.FCM);
    private final List<OtherDevices.Added> asked = new ArrayList<>();
    private final List<OtherDevice> others = new ArrayList<>();
    private @Nullable RuntimeException database;

    @AfterEach
    void stop() {
        scheduler.dispose();
    }

    private DeviceNotices notices() {
        OtherDevices reader =
                added -> {
                    asked.addAll(added);
                    return database == null ? Mono.just(List.copyOf(others)) : Mono.error(database);
                };
        var policy =
                new RetryPolicy(
                        Duration.ofSeconds(1), Duration.ofSeconds(16), Duration.ofSeconds(1));
        return new DeviceNotices(
                reader,
                new DeviceNotices.Tools(
                        Map.of(Provider.FCM, fcm),
                        policy,
                        new DispatcherMetrics(registry),
                        () -> 0,
                        time,
                        scheduler));
    }

    private void other(PushAddress address, Duration left) {
        var notice = new DeviceAdded(NEW, "new phone", CONFIRMED.plusSeconds(3600));
        others.add(new OtherDevice(address, notice, left));
    }

    private static PushAddress token(String key) {
        return new PushAddress.FcmRegistrationToken(key);
    }

    private static Envelope<DeviceChanged> event(DeviceChange change) {
        var event =
                new DeviceChanged(
                        NEW, "ann", 2, change, "new phone", new Actor(Actor.Kind.DEVICE, "x"));
        return new Envelope<>(UUID.randomUUID(), CONFIRMED, Traceparent.start(), event);
    }

    private CompletableFuture<?> handle(DeviceChange change) {
        var done = notices().handle(List.of(event(change))).getFirst().toCompletableFuture();
        scheduler.advanceTime();
        return done;
    }

    @Test
    void tellsTheOtherDevicesOfOneThatWasConfirmed() {
        other(token("one"), Duration.ofMinutes(59));
        other(token("two"), Duration.ofMinutes(59));

        assertThat(handle(DeviceChange.CONFIRMED)).isCompleted();

        assertThat(asked).containsExactly(new OtherDevices.Added(NEW, CONFIRMED.plusSeconds(3600)));
        assertThat(fcm.sent())
                .extracting(push -> push.address().key())
                .containsExactlyInAnyOrder("one", "two");
        assertThat(fcm.sent()).extracting(Push::left).containsOnly(Duration.ofMinutes(59));
        assertThat(told("accepted")).isEqualTo(2);
    }

    @Test
    void saysNothingOfAnyOtherChange() {
        other(token("one"), Duration.ofMinutes(59));
        for (var change : DeviceChange.values()) {
            if (change != DeviceChange.CONFIRMED) {
                assertThat(handle(change)).isCompleted();
            }
        }
        assertThat(asked).isEmpty();
        assertThat(fcm.sent()).isEmpty();
    }

    @Test
    void triesAgainWhileItIsWorthTellingAndThenGivesUp() {
        other(token("one"), Duration.ofSeconds(10));
        fcm.always("one", PushResult.TryAgain.outage("UNAVAILABLE", null));

        var done = handle(DeviceChange.CONFIRMED);
        assertThat(done).isNotDone();
        scheduler.advanceTimeBy(Duration.ofSeconds(10));

        assertThat(done).isCompleted();
        // At 0, 1, 3 and 7 s; the next one would be due at 15 s.
        assertThat(fcm.sent()).hasSize(4);
        assertThat(fcm.sent().getLast().left()).isEqualTo(Duration.ofSeconds(3));
        assertThat(told("try_again")).isEqualTo(1);
    }

    @Test
    void takesANoForAnAnswer() {
        other(token("one"), Duration.ofMinutes(5));
        fcm.next("one", PushResult.Rejected.key("UNREGISTERED", null));

        assertThat(handle(DeviceChange.CONFIRMED)).isCompleted();

        assertThat(fcm.sent()).hasSize(1);
        assertThat(told("rejected")).isEqualTo(1);
    }

    @Test
    void passesOverAProviderThatIsNotConfigured() {
        other(new PushAddress.ApnsDeviceToken("a".repeat(64)), Duration.ofMinutes(5));

        assertThat(handle(DeviceChange.CONFIRMED)).isCompleted();
    }

    @Test
    void failsTheEventWhereTheDatabaseCouldNotBeAsked() {
        database = new IllegalStateException("away");

        assertThat(handle(DeviceChange.CONFIRMED)).isCompletedExceptionally();
    }

    private double told(String result) {
        return registry.get("nod.dispatcher.notices")
                .tag("provider", "fcm")
                .tag("result", result)
                .counter()
                .count();
    }
}
