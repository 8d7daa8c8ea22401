package nod.dispatcher.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import nod.dispatcher.provider.DispatcherMetrics;
import nod.dispatcher.provider.GuardedSender;
import nod.dispatcher.provider.TimeSource;
import nod.dispatcher.push.EncryptionKey;
import nod.dispatcher.push.MobilePrompt;
import nod.dispatcher.push.PromptToSeal;
import nod.dispatcher.push.Prompts;
import nod.dispatcher.push.Push;
import nod.dispatcher.push.PushAddress;
import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.CredentialsRefused;
import nod.dispatcher.push.PushResult.Rejected;
import nod.dispatcher.push.PushResult.TryAgain;
import nod.dispatcher.push.PushResult.Unsealable;
import nod.dispatcher.push.PushSender;
import nod.dispatcher.push.ScriptedSender;
import nod.messaging.event.Envelope;
import nod.messaging.event.Traceparent;
import nod.messaging.testing.RecordingEventPublisher;
import nod.messaging.trace.Tracing;
import nod.schemas.event.Actor;
import nod.schemas.event.DeliveryReported;
import nod.schemas.event.DeliveryState;
import nod.schemas.event.ItemMode;
import nod.schemas.event.Provider;
import nod.schemas.event.TransactionContext;
import nod.schemas.event.TransactionStarted;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

class PushDispatcherTest {

    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration LIFETIME = Duration.ofSeconds(60);
    private static final Duration IN_LINE = Duration.ofSeconds(5);
    private static final TryAgain OUTAGE = TryAgain.outage("UNAVAILABLE", null);
    private static final UUID PHONE = UUID.randomUUID();
    private static final UUID TABLET = UUID.randomUUID();

    private final VirtualTimeScheduler scheduler = VirtualTimeScheduler.create();
    private final TimeSource time = () -> scheduler.now(NANOSECONDS);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final InMemoryTransactions transactions = new InMemoryTransactions(time);
    private final RecordingEventPublisher publisher = new RecordingEventPublisher();
    private final ScriptedSender fcm = new ScriptedSender(Provider.FCM);
    private final ScriptedSender apns = new ScriptedSender(Provider.APNS);
    private final Map<Provider, PushSender> senders =
            new HashMap<>(Map.of(Provider.FCM, fcm, Provider.APNS, apns));
    private final UUID txId = UUID.randomUUID();
    private boolean crowded;

    @AfterEach
    void stop() {
        scheduler.dispose();
    }

    private PushDispatcher dispatcher() {
        return dispatcher(transactions);
    }

    private PushDispatcher dispatcher(TransactionReader reader) {
        var metrics = new DispatcherMetrics(registry);
        var tools =
                new DispatchTools(
                        senders,
                        new RetryPolicy(
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(16),
                                Duration.ofSeconds(1)),
                        new Rereads(transactions, scheduler),
                        metrics,
                        Tracing.off(),
                        () -> 0,
                        time,
                        scheduler);
        var clock = Clock.fixed(START, ZoneOffset.UTC);
        return new PushDispatcher(
                reader, new Reports(publisher, metrics, clock, scheduler), tools, () -> crowded);
    }

    private static PushAddress token(String key) {
        return new PushAddress.FcmRegistrationToken(key);
    }

    private static PushAddress apple(String key) {
        return new PushAddress.ApnsDeviceToken(key);
    }

    private Envelope<TransactionStarted> started(UUID txId, UUID... devices) {
        var event =
                new TransactionStarted(
                        txId,
                        "ann",
                        Arrays.asList(devices),
                        ItemMode.ACCEPT_DENY,
                        List.of("accept", "deny"),
                        "Sign-in request",
                        "Approve?",
                        TransactionContext.EMPTY,
                        START,
                        START.plus(LIFETIME),
                        new Actor(Actor.Kind.API_KEY, "test"));
        return new Envelope<>(UUID.randomUUID(), START, Traceparent.start(), event);
    }

    /** One transaction; its phone is behind FCM with key "phone", its tablet at APNs. */
    private CompletableFuture<Void> dispatch(UUID... devices) {
        transactions.start(txId, LIFETIME);
        for (var device : devices) {
            transactions.setKey(
                    txId, device, device.equals(PHONE) ? token("phone") : apple("tablet"), 3);
        }
        return dispatchAsIs(devices);
    }

    private CompletableFuture<Void> dispatchAsIs(UUID... devices) {
        return dispatcher()
                .handle(List.of(started(txId, devices)))
                .getFirst()
                .toCompletableFuture();
    }

    private List<DeliveryReported> reports() {
        return publisher.events(DeliveryReported.class);
    }

    private DeliveryReported onlyReport() {
        assertThat(reports()).hasSize(1);
        return reports().getFirst();
    }

    private void pass(Duration span) {
        scheduler.advanceTimeBy(span);
    }

    private List<Duration> ttls(ScriptedSender sender) {
        return sender.sent().stream().map(Push::left).toList();
    }

    @Test
    void pushesToEachDeviceAndReportsEach() {
        var done = dispatch(PHONE, TABLET);

        assertThat(done).isCompleted();
        assertThat(reports())
                .containsExactlyInAnyOrder(
                        new DeliveryReported(
                                txId,
                                PHONE,
                                DeliveryState.ACCEPTED,
                                Provider.FCM,
                                null,
                                3,
                                false,
                                null,
                                1,
                                0L),
                        new DeliveryReported(
                                txId,
                                TABLET,
                                DeliveryState.ACCEPTED,
                                Provider.APNS,
                                null,
                                3,
                                false,
                                null,
                                1,
                                0L));
        assertThat(((MobilePrompt) fcm.sent().getFirst().content()).device()).isEqualTo(PHONE);
        assertThat(ttls(fcm)).containsExactly(LIFETIME);
    }

    @Test
    void keepsTheTraceAndGivesAReportTheSameIdEveryTime() {
        dispatch(PHONE);
        dispatchAsIs(PHONE);

        var envelopes = publisher.published();
        assertThat(envelopes).hasSize(2);
        assertThat(envelopes.getFirst().id()).isEqualTo(envelopes.getLast().id());
        assertThat(Reports.id(reports().getFirst()))
                .isEqualTo(envelopes.getFirst().id())
                .isNotEqualTo(txId);
    }

    @Test
    void aDeadPhoneDoesNotTouchTheOther() {
        var since = Instant.parse("2026-02-01T00:00:00Z");
        apns.next("tablet", Rejected.key("Unregistered", since));

        var done = dispatch(PHONE, TABLET);

        assertThat(done).isCompleted();
        assertThat(reports())
                .contains(
                        new DeliveryReported(
                                txId,
                                TABLET,
                                DeliveryState.REJECTED,
                                Provider.APNS,
                                "Unregistered",
                                3,
                                true,
                                since,
                                1,
                                0L))
                .anyMatch(report -> report.state() == DeliveryState.ACCEPTED);
    }

    @Test
    void triesAgainWithWhatIsLeftUntilAccepted() {
        fcm.next("phone", OUTAGE).next("phone", OUTAGE);

        var done = dispatch(PHONE);
        assertThat(done).isNotDone();
        assertThat(reports()).isEmpty();
        pass(Duration.ofSeconds(4));

        assertThat(done).isCompleted();
        assertThat(onlyReport().state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(onlyReport().attempts()).isEqualTo(3);
        assertThat(onlyReport().latencyMillis()).isBetween(3000L, 3020L);
        assertThat(ttls(fcm).get(2))
                .isBetween(Duration.ofMillis(56_980), Duration.ofMillis(57_000));
        assertThat(registry.get("nod.dispatcher.retries").counter().count()).isEqualTo(2);
    }

    @Test
    void honoursRetryAfter() {
        fcm.next("phone", TryAgain.outage("UNAVAILABLE", Duration.ofSeconds(20)));

        dispatch(PHONE);
        pass(Duration.ofMillis(19_999));
        assertThat(fcm.sent()).hasSize(1);
        pass(Duration.ofMillis(50));

        assertThat(fcm.sent()).hasSize(2);
    }

    @Test
    void reportsUnreachableBeforeTheTransactionExpires() {
        fcm.always("phone", OUTAGE);

        var done = dispatch(PHONE);
        pass(LIFETIME.minusSeconds(1));

        assertThat(done).isCompleted();
        assertThat(onlyReport().state()).isEqualTo(DeliveryState.UNREACHABLE);
        assertThat(onlyReport().reason()).isEqualTo("UNAVAILABLE");
        assertThat(onlyReport().deadKey()).isFalse();
        assertThat(onlyReport().attempts()).isEqualTo(fcm.sent().size()).isEqualTo(7);
    }

    @Test
    void reportsUnreachableAtOnceWhenTheProviderAsksToWaitTooLong() {
        fcm.next("phone", TryAgain.patience("QUOTA_EXCEEDED", Duration.ofMinutes(1)));

        assertThat(dispatch(PHONE)).isCompleted();
        assertThat(onlyReport().state()).isEqualTo(DeliveryState.UNREACHABLE);
        assertThat(onlyReport().reason()).isEqualTo("QUOTA_EXCEEDED");
    }

    @Test
    void givesUpOnASilentProviderBeforeTheTransactionExpires() {
        fcm.next("phone", Mono.never());

        var done = dispatch(PHONE);
        pass(LIFETIME.minusSeconds(1));

        assertThat(done).isCompleted();
        assertThat(onlyReport().state()).isEqualTo(DeliveryState.UNREACHABLE);
        assertThat(onlyReport().reason()).isEqualTo("timeout");
        assertThat(fcm.cancelled()).isEqualTo(1);
    }

    @Test
    void refusedCredentialsDropNothingAndAreTriedAgain() {
        apns.next("tablet", new CredentialsRefused("InvalidProviderToken", true));

        var done = dispatch(TABLET);
        pass(Duration.ofSeconds(2));

        assertThat(done).isCompleted();
        assertThat(onlyReport().state()).isEqualTo(DeliveryState.ACCEPTED);
    }

    @Test
    void countsOnlyAttemptsThatReachedTheProvider() {
        fcm.always("phone", TryAgain.notAsked("circuit_open", null));

        var done = dispatch(PHONE);
        pass(LIFETIME);

        assertThat(done).isCompleted();
        assertThat(onlyReport().attempts()).isZero();
        assertThat(onlyReport().latencyMillis()).isNull();
        assertThat(onlyReport().reason()).isEqualTo("circuit_open");
    }

    private static EncryptionKey encryptionKey(int filledWith) {
        var bytes = new byte[32];
        Arrays.fill(bytes, (byte) filledWith);
        return EncryptionKey.of(bytes);
    }

    @Test
    void whatAPhoneWithAnEncryptionKeyIsAskedIsToBeSealedForIt() {
        transactions.sealFor(PHONE, encryptionKey(1));

        assertThat(dispatch(PHONE, TABLET)).isCompleted();

        assertThat(fcm.sent().getFirst().content())
                .isInstanceOfSatisfying(
                        PromptToSeal.class,
                        secret -> {
                            assertThat(secret.key()).isEqualTo(encryptionKey(1));
                            assertThat(secret.prompt().device()).isEqualTo(PHONE);
                        });
        assertThat(apns.sent().getFirst().content()).isInstanceOf(MobilePrompt.class);
        assertThat(reports()).allMatch(report -> report.state() == DeliveryState.ACCEPTED);
    }

    @Test
    void anEncryptionKeyChangedBeforeARetryIsTheOneToSealFor() {
        fcm.next("phone", OUTAGE);

        dispatch(PHONE);
        transactions.sealFor(PHONE, encryptionKey(2));
        pass(Duration.ofSeconds(2));

        assertThat(fcm.sent())
                .extracting(push -> push.content() instanceof PromptToSeal)
                .containsExactly(false, true);
    }

    @Test
    void aPhoneWhoseEncryptionKeyIsUnusableIsReportedAsRejectedAndNeverAskedInTheOpen() {
        transactions.sealFor(PHONE, encryptionKey(0));
        fcm.next("phone", new Unsealable());

        assertThat(dispatch(PHONE)).isCompleted();

        assertThat(onlyReport())
                .isEqualTo(
                        new DeliveryReported(
                                txId,
                                PHONE,
                                DeliveryState.REJECTED,
                                Provider.FCM,
                                "encryption_key_unusable",
                                3,
                                false,
                                null,
                                0,
                                null));
        assertThat(fcm.sent()).hasSize(1);
    }

    @Test
    void aTransactionClaimedBeforeARetryIsLeftInPeace() {
        fcm.always("phone", OUTAGE);

        var done = dispatch(PHONE);
        transactions.claim(txId);
        pass(Duration.ofSeconds(2));

        assertThat(done).isCompleted();
        assertThat(reports()).isEmpty();
        assertThat(fcm.sent()).hasSize(1);
        assertThat(
                        registry.get("nod.dispatcher.not.pushed")
                                .tag("reason", "closed")
                                .counter()
                                .count())
                .isEqualTo(1);
    }

    /** The phone's push waits in line behind one that FCM keeps for five seconds. */
    private CompletableFuture<Void> dispatchInLine() {
        var bounds =
                new GuardedSender.Bounds(
                        1, 10, 50, Duration.ofSeconds(30), 4, Duration.ofSeconds(5));
        var guarded =
                new GuardedSender(fcm, bounds, new DispatcherMetrics(registry), time, scheduler);
        senders.put(Provider.FCM, guarded);
        fcm.next("other", Mono.<PushResult>just(OUTAGE).delayElement(IN_LINE, scheduler));
        guarded.send(new Push(token("other"), Prompts.small(), LIFETIME)).subscribe();
        return dispatch(PHONE);
    }

    private List<String> sentKeys() {
        return fcm.sent().stream().map(push -> push.address().key()).toList();
    }

    @Test
    void aTransactionClaimedWhileItsPushWaitedInLineIsLeftInPeace() {
        var done = dispatchInLine();
        transactions.claim(txId);
        pass(IN_LINE);

        assertThat(done).isCompleted();
        assertThat(reports()).isEmpty();
        assertThat(sentKeys()).containsExactly("other");
    }

    @Test
    void aKeyChangedWhileThePushWaitedInLineIsTheOneToUse() {
        var done = dispatchInLine();
        transactions.setKey(txId, PHONE, token("new"), 4);
        pass(IN_LINE);

        assertThat(done).isCompleted();
        assertThat(sentKeys()).containsExactly("other", "new");
        assertThat(onlyReport().keyVersion()).isEqualTo(4);
        assertThat(onlyReport().attempts()).isEqualTo(1);
        assertThat(registry.find("nod.dispatcher.retries").counters())
                .allMatch(retries -> retries.count() == 0);
    }

    @Test
    void aPushThatWaitedInLineForLongIsSentAsItIsWhereNothingHasChanged() {
        var done = dispatchInLine();
        pass(IN_LINE);

        assertThat(done).isCompleted();
        assertThat(sentKeys()).containsExactly("other", "phone");
    }

    @Test
    void aDeviceRemovedBeforeARetryIsNotPushed() {
        fcm.always("phone", OUTAGE);

        var done = dispatch(PHONE);
        transactions.remove(txId, PHONE);
        pass(Duration.ofSeconds(2));

        assertThat(done).isCompleted();
        assertThat(reports()).isEmpty();
        assertThat(fcm.sent()).hasSize(1);
    }

    @Test
    void aKeyChangedBeforeARetryIsTheOneToUseAndToReport() {
        fcm.always("phone", OUTAGE);

        dispatch(PHONE);
        transactions.setKey(txId, PHONE, apple("new"), 4);
        pass(Duration.ofSeconds(2));

        assertThat(apns.sent()).hasSize(1);
        assertThat(onlyReport().keyVersion()).isEqualTo(4);
        assertThat(onlyReport().provider()).isEqualTo(Provider.APNS);
        assertThat(onlyReport().attempts()).isEqualTo(2);
    }

    @Test
    void aDeviceWithoutAKeyIsReportedAsSuch() {
        transactions.start(txId, LIFETIME);
        transactions.setKey(txId, PHONE, null, 0);

        assertThat(dispatchAsIs(PHONE)).isCompleted();
        assertThat(onlyReport())
                .isEqualTo(
                        new DeliveryReported(
                                txId,
                                PHONE,
                                DeliveryState.NO_PUSH_KEY,
                                null,
                                null,
                                null,
                                false,
                                null,
                                0,
                                null));
    }

    @Test
    void aProviderThatIsNotConfiguredLeavesItsDevicesToThePullFallback() {
        senders.remove(Provider.APNS);

        assertThat(dispatch(TABLET)).isCompleted();
        assertThat(onlyReport())
                .isEqualTo(
                        new DeliveryReported(
                                txId,
                                TABLET,
                                DeliveryState.UNREACHABLE,
                                Provider.APNS,
                                "provider_not_configured",
                                3,
                                false,
                                null,
                                0,
                                null));
    }

    @Test
    void aMissingTransactionIsCountedAndDone() {
        assertThat(dispatchAsIs(PHONE)).isCompleted();
        assertThat(reports()).isEmpty();
        assertThat(
                        registry.get("nod.dispatcher.not.pushed")
                                .tag("reason", "missing")
                                .counter()
                                .count())
                .isEqualTo(1);
    }

    @Test
    void anExpiredTransactionIsNotPushed() {
        transactions.start(txId, Duration.ZERO);
        transactions.setKey(txId, PHONE, token("phone"), 1);

        assertThat(dispatchAsIs(PHONE)).isCompleted();
        assertThat(fcm.sent()).isEmpty();
        assertThat(reports()).isEmpty();
    }

    @Test
    void aSlowProviderDoesNotHoldBackTheOther() {
        fcm.next("phone", Mono.never());

        var done = dispatch(PHONE, TABLET);

        assertThat(onlyReport().device()).isEqualTo(TABLET);
        assertThat(done).isNotDone();
    }

    @Test
    void oneSlowEventDoesNotHoldBackTheOthersOfItsPoll() {
        var other = UUID.randomUUID();
        fcm.next("phone", Mono.never());
        transactions.start(txId, LIFETIME);
        transactions.start(other, LIFETIME);
        transactions.setKey(txId, PHONE, token("phone"), 1);
        transactions.setKey(other, PHONE, token("other"), 1);

        var done = dispatcher().handle(List.of(started(txId, PHONE), started(other, PHONE)));

        assertThat(done.getFirst().toCompletableFuture()).isNotDone();
        assertThat(done.getLast().toCompletableFuture()).isCompleted();
        assertThat(transactions.reads()).containsExactly(2);
    }

    @Test
    void retriesAreReadTogetherWhileOthersAreRead() {
        var events = new ArrayList<Envelope<TransactionStarted>>();
        for (int i = 0; i < 5; i++) {
            var one = UUID.randomUUID();
            fcm.next("phone " + i, OUTAGE);
            transactions.start(one, LIFETIME);
            transactions.setKey(one, PHONE, token("phone " + i), 1);
            events.add(started(one, PHONE));
        }

        dispatcher().handle(events);
        var database = Sinks.empty();
        transactions.hold(database.asMono());
        pass(Duration.ofSeconds(2));
        assertThat(transactions.reads()).containsExactly(5, 1, 1);

        database.tryEmitEmpty();
        pass(Duration.ZERO);

        assertThat(transactions.reads()).containsExactly(5, 1, 1, 3);
        assertThat(reports()).hasSize(5);
    }

    @Test
    void isDoneOnlyWhenTheReportIsAcknowledgedAndNeverPushesTwiceForThat() {
        publisher.refuse(new IllegalStateException("Kafka is away"));

        var done = dispatch(PHONE);
        pass(Duration.ofSeconds(5));
        assertThat(done).isNotDone();
        publisher.recover();
        pass(Duration.ofSeconds(15));

        assertThat(done).isCompleted();
        assertThat(onlyReport().state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(fcm.sent()).hasSize(1);
    }

    @Test
    void failsTheEventWhenKafkaStaysAway() {
        publisher.refuse(new IllegalStateException("Kafka is away"));

        var done = dispatch(PHONE);
        pass(Duration.ofMinutes(5));

        assertThat(done).isCompletedExceptionally();
    }

    @Test
    void failsTheWholePollWhenTheDatabaseCannotBeRead() {
        transactions.fail(new IllegalStateException("no database"));

        var done = dispatchAsIs(PHONE);

        assertThatThrownBy(done::join)
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("no database");
        assertThat(fcm.sent()).isEmpty();
    }

    @Test
    void hasNoRoomWhileAProviderHasACrowd() {
        var dispatcher = dispatcher();
        assertThat(dispatcher.hasRoom()).isTrue();

        crowded = true;
        assertThat(dispatcher.hasRoom()).isFalse();
    }

    @Test
    void hasNoRoomWhileAWholePollIsLookedUp() {
        var read = Sinks.<Void>empty();
        transactions.hold(read.asMono());
        var dispatcher = dispatcher();
        dispatcher.handle(events(499));
        assertThat(dispatcher.hasRoom()).isTrue();
        dispatcher.handle(events(1));
        assertThat(dispatcher.hasRoom()).isFalse();

        read.tryEmitEmpty().orThrow();
        scheduler.advanceTime();
        assertThat(dispatcher.hasRoom()).isTrue();
    }

    @Test
    void hasRoomAgainAfterABugInTheLook() {
        var dispatcher =
                dispatcher(
                        _ -> {
                            throw new IllegalStateException("bug");
                        });

        var done = dispatcher.handle(events(500)).getFirst().toCompletableFuture();

        assertThat(done).isCompletedExceptionally();
        assertThat(dispatcher.hasRoom()).isTrue();
    }

    private List<Envelope<TransactionStarted>> events(int number) {
        return Stream.generate(() -> started(UUID.randomUUID(), PHONE)).limit(number).toList();
    }

    @Test
    void pushesNothingUnreadWhenTheDatabaseFailsBeforeARetry() {
        fcm.next("phone", OUTAGE);

        var done = dispatch(PHONE);
        transactions.fail(new IllegalStateException("no database"));
        pass(Duration.ofSeconds(3));
        assertThat(fcm.sent()).hasSize(1);
        transactions.fail(null);
        pass(Duration.ofSeconds(5));

        assertThat(done).isCompleted();
        assertThat(onlyReport().state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(onlyReport().attempts()).isEqualTo(2);
    }

    @Test
    void givesUpWhatIsUnderWayWhenStopped() {
        fcm.next("phone", Mono.never());
        transactions.start(txId, LIFETIME);
        transactions.setKey(txId, PHONE, token("phone"), 1);
        var dispatcher = dispatcher();

        var done = dispatcher.handle(List.of(started(txId, PHONE)));
        dispatcher.close();
        pass(LIFETIME);

        assertThat(fcm.cancelled()).isEqualTo(1);
        assertThat(done.getFirst().toCompletableFuture()).isNotDone();
        assertThat(reports()).isEmpty();
    }
}
