package nod.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import nod.schemas.event.DeliveryReported;
import nod.schemas.event.DeliveryState;
import nod.schemas.event.DeviceChange;
import nod.schemas.event.DeviceChanged;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;
import nod.simulators.fault.ApnsReason;
import nod.simulators.fault.Fault;
import nod.simulators.fault.FcmErrorCode;
import nod.simulators.fault.Provider;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.e2e.Authentik.Login;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Users with several devices, and devices that no push reaches. */
@ResourceLock(RunningSystem.LOCK)
class DevicesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String RECEIVE_RESPONSE = "receive_response/";

    private final RunningSystem system = RunningSystem.get();
    private final Authentik authentik = system.authentik();
    private final Auditor auditor = system.auditor();
    private final PushedBytes pushed = new PushedBytes(system.standalone());
    private final String user = RunningSystem.newUser();

    private static PhoneModel model(Provider provider) {
        return provider == Provider.FCM ? PhoneModel.android("phone") : PhoneModel.iphone("phone");
    }

    @Test
    void asksBothDevicesAndTheFirstAnswerDecides() {
        var android = system.phone(user, PhoneModel.android("android"));
        var iphone = system.phone(user, PhoneModel.iphone("iphone"));

        var login = authentik.start(user, "number_matching_2");
        var onAndroid = android.awaitPush(PATIENCE);
        var onIphone = iphone.awaitPush(PATIENCE);
        iphone.answer(onIphone, login.rightItem());

        assertThat(android.answerRaw(onAndroid.txId(), "deny").status()).isEqualTo(404);
        var decided = authentik.await(login);
        assertThat(decided.status()).isEqualTo("accept");
        assertThat(decided.answeredBy()).isEqualTo(iphone.device().toString());
        pushed.isExactly(android, login, onAndroid);
        pushed.isExactly(iphone, login, onIphone);
        auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
        assertThat(auditor.deliveries(login, 2))
                .extracting(DeliveryReported::state)
                .containsOnly(DeliveryState.ACCEPTED);
    }

    /** Not even with a proof that the phone itself has used. */
    @ParameterizedTest
    @EnumSource
    void aStolenTokenAnswersNothingWithoutThePhonesKey(Provider provider) {
        var phone = system.phone(user, model(provider));
        var login = authentik.start(user, "accept_deny");
        var accept = "{\"tx_id\":\"%s\",\"selected_item\":\"accept\"}".formatted(login.txId());
        var used = phone.newProof("POST", RECEIVE_RESPONSE);
        phone.sendWithProof("POST", RECEIVE_RESPONSE, "{}", used);

        for (var proof : Arrays.asList(null, used, phone.newProof("POST", "check_in/"))) {
            var stolen = phone.sendWithProof("POST", RECEIVE_RESPONSE, accept, proof);
            assertThat(stolen.status()).isEqualTo(403);
            assertThat(stolen.body()).isEqualTo("{\"detail\":\"Invalid DPoP proof.\"}");
        }

        phone.deny(phone.awaitPush(PATIENCE));
        auditor.seesOneOutcome(login, TransactionStatus.DENY, OutcomeReason.DECLINED);
    }

    @ParameterizedTest
    @EnumSource
    void aPhoneThatGivesNoKeyIsServedToo(Provider provider) {
        var phone = system.phone(user, model(provider).withoutKeys());
        var login = authentik.start(user, "accept_deny");

        phone.accept(phone.awaitPush(PATIENCE));

        auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
    }

    /** So that nobody's account gets a second phone behind its owner's back. */
    @ParameterizedTest
    @EnumSource
    void tellsTheOtherPhonesOfTheUserOfANewOne(Provider provider) {
        var first = system.phone(user, model(provider));
        assertThat(pushed.notices(first)).isEmpty();

        system.phone(user, PhoneModel.android("second"));

        var notice = first.nextPush(PATIENCE).orElseThrow();
        assertThat(notice.title()).isEqualTo("New device");
        assertThat(notice.body()).contains("second");
        assertThat(notice.prompt()).isEmpty();
        assertThat(pushed.notices(first)).hasSize(1);
    }

    /** With what each device was reached by, the decision last, and then the stream ends. */
    @Test
    void tellsEveryChangeToWhoeverFollowsTheLogin() throws Exception {
        var android = system.phone(user, PhoneModel.android("android"));
        var keyless = system.phoneWithoutKey(user, PhoneModel.iphone("keyless"));

        var login = authentik.start(user, "accept_deny");
        var told = authentik.follow(login);
        var prompt = android.awaitPush(PATIENCE);
        auditor.deliveries(login, 2);
        keyless.pull();
        android.accept(prompt);

        var states = told.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(states.getFirst().status()).isEqualTo("wait");
        assertThat(states.getLast().status()).isEqualTo("accept");
        assertThat(states.getLast().delivery(android.device())).isEqualTo("accepted");
        assertThat(states.getLast().delivery(keyless.device())).isEqualTo("pulled");
        assertThat(states).doesNotHaveDuplicates();
        assertThat(authentik.follow(login).get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .extracting(Login::status)
                .containsExactly("accept");
    }

    @ParameterizedTest
    @EnumSource
    void letsADeviceWithoutPushKeyPull(Provider provider) {
        var phone = system.phoneWithoutKey(user, model(provider));

        var login = authentik.start(user, "number_entry_6");
        assertThat(auditor.deliveries(login, 1).getFirst().state())
                .isEqualTo(DeliveryState.NO_PUSH_KEY);
        var prompt = phone.pull().getFirst();
        phone.answer(prompt, login.rightItem());

        var decided = authentik.await(login);
        assertThat(decided.status()).isEqualTo("accept");
        assertThat(decided.delivery(phone.device())).isEqualTo("pulled");
        assertThat(pushed.all(phone)).isEmpty();
        auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
    }

    @ParameterizedTest
    @EnumSource
    void dropsADeadKeyWhileTheSecondDeviceGetsItsPush(Provider provider) {
        var dead = system.phone(user, model(provider));
        var alive = system.phone(user, PhoneModel.android("alive"));
        system.standalone().simulators().faults().set(provider, dead.pushKey(), death(provider));

        var login = authentik.start(user, "accept_deny");
        alive.accept(alive.awaitPush(PATIENCE));

        assertThat(authentik.await(login).status()).isEqualTo("accept");
        auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
        var report = report(login, dead.device(), 2);
        assertThat(report.state()).isEqualTo(DeliveryState.REJECTED);
        assertThat(report.deadKey()).isTrue();
        assertThat(auditor.changes(dead.device(), 4))
                .extracting(DeviceChanged::change)
                .containsExactly(
                        DeviceChange.ENROLLMENT_BEGUN,
                        DeviceChange.CONFIRMED,
                        DeviceChange.PUSH_KEY_SET,
                        DeviceChange.PUSH_KEY_DROPPED);

        var next = authentik.start(user, "accept_deny");
        assertThat(report(next, dead.device(), 2).state()).isEqualTo(DeliveryState.NO_PUSH_KEY);
        assertThat(pushed.all(dead)).hasSize(1);
    }

    private DeliveryReported report(Login login, UUID device, int count) {
        return auditor.deliveries(login, count).stream()
                .filter(report -> report.device().equals(device))
                .findFirst()
                .orElseThrow();
    }

    private static Fault death(Provider provider) {
        return switch (provider) {
            case FCM -> new Fault.FcmError(FcmErrorCode.UNREGISTERED);
            case APNS -> new Fault.ApnsRejection(ApnsReason.UNREGISTERED);
        };
    }

    @ParameterizedTest
    @EnumSource
    void pushesOnceMoreWhereTheProviderAskedForPatience(Provider provider) {
        var phone = system.phone(user, model(provider));
        var faults = system.standalone().simulators().faults();
        faults.set(provider, phone.pushKey(), new Fault.ServerError(503), 1);

        var login = authentik.start(user, "accept_deny");
        phone.accept(phone.awaitPush(PATIENCE));

        assertThat(authentik.await(login).status()).isEqualTo("accept");
        var report = auditor.deliveries(login, 1).getFirst();
        assertThat(report.attempts()).isEqualTo(2);
        assertThat(pushed.all(phone)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void isCancelledByTheCaller(Provider provider) {
        var phone = system.phone(user, model(provider));
        var login = authentik.start(user, "number_matching_3");
        var prompt = phone.awaitPush(PATIENCE);

        authentik.cancel(login);

        assertThat(authentik.show(login).status()).isEqualTo("cancelled");
        assertThat(phone.answerRaw(prompt.txId(), login.rightItem()).status()).isEqualTo(404);
        assertThat(phone.pull()).isEmpty();
        var decided = authentik.await(login);
        assertThat(decided.reason()).isEqualTo("cancelled");
        auditor.seesOneOutcome(login, TransactionStatus.CANCELLED, OutcomeReason.CANCELLED);
        assertThat(auditor.withdrawals(login)).hasSize(1);
        pushed.isExactly(phone, login, prompt);
    }

    @Test
    void answersAWaitAtOnceWhenTheDecisionIsMade() {
        var phone = system.phone(user, PhoneModel.android("waited-for"));
        var login = authentik.start(user, "accept_deny");
        var prompt = phone.awaitPush(PATIENCE);

        var waiting = CompletableFuture.supplyAsync(() -> authentik.await(login, 30));
        phone.accept(prompt);

        assertThat(waiting.orTimeout(10, TimeUnit.SECONDS).join().status()).isEqualTo("accept");
    }

    @Test
    void endsAWaitWithTheTransactionAsItStands() {
        system.phone(user, PhoneModel.android("silent"));
        var login = authentik.start(user, "accept_deny");

        assertThat(authentik.await(login, 1).status()).isEqualTo("wait");
    }

    @ParameterizedTest
    @EnumSource
    void pushesTheKeyThatThePhoneRegisteredLast(Provider provider) {
        var phone = system.phone(user, model(provider));
        var before = phone.pushKey();
        VirtualPhone other = system.phoneWithoutKey(RunningSystem.newUser(), model(provider));
        phone.setNotificationKey(other.pushKey());

        authentik.start(user, "accept_deny", Map.of("title", "New key"));

        assertThat(phone.awaitPush(PATIENCE).title()).isEqualTo("New key");
        assertThat(system.standalone().simulators().inbox(provider).received(before)).isEmpty();
    }
}
