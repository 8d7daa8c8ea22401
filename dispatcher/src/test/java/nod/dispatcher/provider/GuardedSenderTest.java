package nod.dispatcher.provider;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import nod.dispatcher.push.Prompts;
import nod.dispatcher.push.Push;
import nod.dispatcher.push.PushAddress;
import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.Accepted;
import nod.dispatcher.push.PushResult.CredentialsRefused;
import nod.dispatcher.push.PushResult.Rejected;
import nod.dispatcher.push.PushResult.TryAgain;
import nod.dispatcher.push.PushResult.Unsealable;
import nod.dispatcher.push.ScriptedSender;
import nod.schemas.event.Provider;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

@ExtendWith(OutputCaptureExtension.class)
class GuardedSenderTest {

    private static final TryAgain OUTAGE = TryAgain.outage("UNAVAILABLE", null);
    private static final int IN_FLIGHT = 2;
    private static final Duration LATE = Duration.ofSeconds(19);
    private static final Duration OPEN_FOR = Duration.ofSeconds(5);

    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ScriptedSender provider = new ScriptedSender(Provider.FCM);
    private final GuardedSender guarded = guarded(IN_FLIGHT, 1, registry);
    private final GuardedSender roomy = guarded(IN_FLIGHT, 10, new SimpleMeterRegistry());
    private int looks;
    private boolean ended;

    private GuardedSender guarded(int inFlight, int maxWaiting, MeterRegistry metrics) {
        return new GuardedSender(
                provider,
                new GuardedSender.Bounds(
                        inFlight, maxWaiting, 50, Duration.ofSeconds(30), 4, OPEN_FOR),
                new DispatcherMetrics(metrics),
                () -> scheduler.now(NANOSECONDS),
                scheduler);
    }

    @AfterEach
    void stop() {
        scheduler.dispose();
    }

    private static Push push(String key, Duration left) {
        return new Push(PushAddress.of(key, "android"), Prompts.small(), left);
    }

    private PushResult send(String key) {
        var results = new ArrayList<PushResult>();
        guarded.send(push(key, Duration.ofMinutes(1))).subscribe(results::add);
        assertThat(results).hasSize(1);
        return results.getFirst();
    }

    private void sendTimes(int times, String key) {
        for (int i = 0; i < times; i++) {
            send(key);
        }
    }

    private double gauge(String name) {
        return registry.get(name).tag("provider", "fcm").gauge().value();
    }

    @Test
    void passesOnWhatTheProviderSays() {
        provider.next("key", Rejected.push("SENDER_ID_MISMATCH"));

        assertThat(send("key")).isEqualTo(Rejected.push("SENDER_ID_MISMATCH"));
        assertThat(send("key")).isInstanceOf(Accepted.class);
        assertThat(
                        registry.get("nod.dispatcher.provider.latency")
                                .tag("provider", "fcm")
                                .tag("result", "rejected")
                                .timer()
                                .count())
                .isEqualTo(1);
    }

    private void wait(int pushes) {
        for (int i = 0; i < pushes; i++) {
            provider.next("slow", Mono.never());
            roomy.send(push("slow", Duration.ofMinutes(1))).subscribe();
        }
    }

    /** A client that has no connection yet keeps pushes for seconds; their logins may end. */
    @ParameterizedTest
    @MethodSource("answers")
    void fewAreAtAProviderUntilItHasAnswered(PushResult answer) {
        var wide = guarded(20, 20, new SimpleMeterRegistry());
        provider.next("first", Mono.just(answer).delayElement(LATE, scheduler));
        wide.send(push("first", Duration.ofMinutes(1))).subscribe();
        for (int i = 0; i < 19; i++) {
            provider.next("next", Mono.never());
            wide.send(push("next", Duration.ofMinutes(1)), Mono.just(i % 2 == 0)).subscribe();
        }
        assertThat(provider.sent()).hasSize(4);

        scheduler.advanceTimeBy(LATE);

        assertThat(provider.sent()).as("half of those that waited").hasSize(4 + 8);
    }

    static List<PushResult> answers() {
        return List.of(
                new Accepted("id"),
                Rejected.push("SENDER_ID_MISMATCH"),
                OUTAGE,
                new CredentialsRefused("http_401", true));
    }

    @Test
    void isCrowdedWhenMoreWaitThanMayBeAtTheProvider() {
        wait(IN_FLIGHT + IN_FLIGHT);
        assertThat(roomy.isCrowded()).isFalse();

        wait(1);
        assertThat(roomy.isCrowded()).isTrue();
    }

    @Test
    void aSilentProviderIsNoReasonToHoldAnythingBack() {
        wait(IN_FLIGHT + IN_FLIGHT + 1);

        scheduler.advanceTimeBy(Duration.ofMillis(1001));

        assertThat(roomy.isCrowded()).isFalse();
    }

    @Test
    void norIsOneThatAnswersLate() {
        for (int i = 0; i < IN_FLIGHT; i++) {
            provider.next("late", Mono.<PushResult>just(OUTAGE).delayElement(LATE, scheduler));
            roomy.send(push("late", Duration.ofMinutes(1))).subscribe();
        }
        scheduler.advanceTimeBy(LATE);

        wait(IN_FLIGHT + IN_FLIGHT + 1);

        assertThat(roomy.isCrowded()).isFalse();
    }

    /** Behind two that the provider keeps for so long; the looks are counted. */
    private List<PushResult> sendBehindOthers(Duration kept, Mono<Boolean> look) {
        for (int i = 0; i < IN_FLIGHT; i++) {
            provider.next("first", Mono.<PushResult>just(OUTAGE).delayElement(kept, scheduler));
            roomy.send(push("first", Duration.ofMinutes(1))).subscribe();
        }
        var results = new ArrayList<PushResult>();
        roomy.send(push("behind", Duration.ofMinutes(1)), look.doOnSubscribe(_ -> looks++))
                .doOnTerminate(() -> ended = true)
                .subscribe(results::add);
        scheduler.advanceTimeBy(kept);
        assertThat(ended).isTrue();
        return results;
    }

    @Test
    void whoseTurnComesLateIsLookedUpOnceMore() {
        assertThat(sendBehindOthers(LATE, Mono.just(true))).hasSize(1);
        assertThat(looks).isEqualTo(1);
    }

    @Test
    void andIsNotSentWhereItIsNotWantedAnyMore() {
        assertThat(sendBehindOthers(LATE, Mono.just(false))).isEmpty();
        assertThat(provider.sent()).hasSize(IN_FLIGHT);
    }

    @Test
    void norWhereNobodyCanTell() {
        assertThat(sendBehindOthers(LATE, Mono.error(new IllegalStateException("no database"))))
                .isEmpty();
        assertThat(provider.sent()).hasSize(IN_FLIGHT);
    }

    @Test
    void whoWaitsForASecondIsSentAsItIs() {
        assertThat(sendBehindOthers(Duration.ofSeconds(1), Mono.just(false))).hasSize(1);
        assertThat(looks).isZero();
    }

    @Test
    void whoWasNotSentLeavesItsRoomToOthers() {
        sendBehindOthers(LATE, Mono.just(false));

        wait(IN_FLIGHT);

        assertThat(provider.sent()).hasSize(2 * IN_FLIGHT);
    }

    @Test
    void leavesAProviderAloneThatKeepsFailing() {
        provider.always("key", OUTAGE);
        sendTimes(4, "key");

        assertThat(send("key")).isEqualTo(TryAgain.notAsked("circuit_open", OPEN_FOR));
        assertThat(provider.sent()).hasSize(4);
        assertThat(gauge("nod.dispatcher.breaker.open")).isEqualTo(1);
    }

    @Test
    void refusedCredentialsOfEveryPushCountAsAnOutage() {
        provider.always("key", new CredentialsRefused("http_401", true));
        sendTimes(4, "key");

        assertThat(send("key")).isEqualTo(TryAgain.notAsked("circuit_open", OPEN_FOR));
    }

    @Test
    void answersDoNotOpenTheCircuitHoweverBad() {
        provider.always("dead", Rejected.key("UNREGISTERED", null));
        provider.always("often", TryAgain.patience("QUOTA_EXCEEDED", null));
        provider.always("ios", new CredentialsRefused("THIRD_PARTY_AUTH_ERROR", false));

        List.of("dead", "often", "ios").forEach(key -> sendTimes(20, key));

        assertThat(send("well")).isInstanceOf(Accepted.class);
        assertThat(gauge("nod.dispatcher.breaker.open")).isZero();
    }

    @Test
    void whatCanNotBeSealedSaysNothingOfTheProvider() {
        provider.always("broken", OUTAGE);
        provider.always("key", new Unsealable());
        provider.next("refused", new CredentialsRefused("http_401", true));
        send("refused");

        sendTimes(20, "key");

        assertThat(guarded.health().refusal()).isEqualTo("http_401");
        assertThat(registry.find("nod.dispatcher.provider.latency").tag("result", "unsealable"))
                .extracting(found -> found.timer())
                .isNull();
        sendTimes(3, "broken");
        assertThat(gauge("nod.dispatcher.breaker.open")).isEqualTo(1);
    }

    @Test
    void isUnhealthyFromARefusalOfTheCredentialsUntilTheyWorkAgain() {
        var health = new ProvidersHealthIndicator(new GuardedSenders(List.of(guarded)));
        provider.next("key", new CredentialsRefused("http_401", true));
        send("key");

        assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.health().getDetails())
                .containsEntry("fcm", "credentials refused: http_401")
                .containsEntry("apns", "not configured");
        assertThat(gauge("nod.dispatcher.credentials.accepted")).isZero();
        send("key");

        assertThat(health.health().getStatus()).isEqualTo(Status.UP);
        assertThat(gauge("nod.dispatcher.credentials.accepted")).isEqualTo(1);
    }

    @Test
    void aRefusalOfSomePushesIsRememberedForAWhileWhateverElsePasses() {
        provider.next("ios", new CredentialsRefused("THIRD_PARTY_AUTH_ERROR", false));
        send("ios");
        send("android");

        assertThat(guarded.health().refusal()).isEqualTo("THIRD_PARTY_AUTH_ERROR");
        scheduler.advanceTimeBy(Duration.ofMinutes(10));

        assertThat(guarded.health().refusal()).isNull();
    }

    @Test
    void refusedCredentialsAreLoggedOncePerPeriod(CapturedOutput output) {
        provider.always("key", new CredentialsRefused("http_401", false));
        sendTimes(10, "key");
        scheduler.advanceTimeBy(Duration.ofMinutes(10));
        sendTimes(10, "key");

        assertThat(output.getOut().split("refuses our credentials", -1)).hasSize(3);
    }

    @Test
    void waitsForRoomNoLongerThanThePushLives() {
        provider.next("a", Mono.never()).next("b", Mono.never());
        guarded.send(push("a", Duration.ofMinutes(1))).subscribe();
        guarded.send(push("b", Duration.ofMinutes(1))).subscribe();
        var results = new ArrayList<PushResult>();

        guarded.send(push("c", Duration.ofSeconds(3))).subscribe(results::add);
        scheduler.advanceTimeBy(Duration.ofSeconds(3));

        assertThat(results).containsExactly(TryAgain.notAsked("provider_busy", null));
        assertThat(provider.sent()).hasSize(2);
        assertThat(gauge("nod.dispatcher.waiting")).isZero();
        assertThat(gauge("nod.dispatcher.in.flight")).isEqualTo(2);
    }

    @Test
    void sendsWhatIsLeftAfterTheWaitForRoom() {
        provider.next("a", Mono.delay(Duration.ofSeconds(4), scheduler).thenReturn(OUTAGE));
        provider.next("b", Mono.never());
        guarded.send(push("a", Duration.ofMinutes(1))).subscribe();
        guarded.send(push("b", Duration.ofMinutes(1))).subscribe();

        guarded.send(push("c", Duration.ofSeconds(10))).subscribe();
        scheduler.advanceTimeBy(Duration.ofSeconds(4));

        assertThat(provider.sent().getLast().left()).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void turnsAwayAtOnceWhenTheLineIsFull() {
        provider.next("a", Mono.never()).next("b", Mono.never());
        for (var key : List.of("a", "b", "c")) {
            guarded.send(push(key, Duration.ofMinutes(1))).subscribe();
        }

        assertThat(send("d")).isEqualTo(TryAgain.notAsked("provider_busy", null));
    }

    @Test
    void aCancelledPushFreesItsPlace() {
        provider.next("a", Mono.never());
        var sending = guarded.send(push("a", Duration.ofMinutes(1))).subscribe();

        sending.dispose();

        assertThat(gauge("nod.dispatcher.in.flight")).isZero();
        assertThat(provider.cancelled()).isEqualTo(1);
    }
}
