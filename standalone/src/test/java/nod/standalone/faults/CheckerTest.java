package nod.standalone.faults;

import static nod.standalone.faults.GoodLogin.ANSWERED;
import static nod.standalone.faults.GoodLogin.DEVICE;
import static nod.standalone.faults.GoodLogin.EXPIRES;
import static nod.standalone.faults.GoodLogin.KEY;
import static nod.standalone.faults.GoodLogin.RIGHT;
import static nod.standalone.faults.GoodLogin.START;
import static nod.standalone.faults.GoodLogin.TX;

import static org.assertj.core.api.Assertions.assertThat;

import nod.schemas.event.DeliveryReported;
import nod.schemas.event.DeliveryState;
import nod.schemas.event.DeviceChanged;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.Provider;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.TransactionStarted;
import nod.schemas.event.TransactionStatus;
import nod.standalone.faults.Evidence.Attempt;
import nod.standalone.faults.Evidence.DeadLetter;
import nod.standalone.faults.Evidence.DeviceRow;
import nod.standalone.faults.Evidence.Disturbance;
import nod.standalone.faults.Violation.Promise;

import org.junit.jupiter.api.Test;

import java.util.UUID;

class CheckerTest {

    private final GoodLogin login = new GoodLogin();

    @Test
    void findsNothingWhereAllWentWell() {
        finds();
    }

    @Test
    void bearsRepeatedRecords() {
        login.records.addAll(login.records.reversed());
        finds();
    }

    @Test
    void missesAStartedTransaction() {
        login.promised.add(UUID.randomUUID());
        finds(Promise.A_STARTED_TRANSACTION_EXISTS);
    }

    @Test
    void missesADecision() {
        login.rows.set(0, GoodLogin.row("wait", null));
        login.observations.removeLast();
        login.forget(OutcomeDecided.class);
        login.operations.set(0, GoodLogin.answer("deny", ANSWERED, 404));
        finds(Promise.EVERY_TRANSACTION_IS_DECIDED);
    }

    @Test
    void findsTwoOutcomes() {
        login.records.add(
                GoodLogin.record(
                        GoodLogin.outcome(TransactionStatus.DENY, OutcomeReason.DECLINED)));
        finds(
                Promise.ONE_OUTCOME,
                Promise.ONE_ID_FOR_AN_EVENT,
                Promise.API_DATABASE_AND_KAFKA_AGREE);
    }

    @Test
    void findsAnApiThatTellsSomethingElse() {
        login.observations.set(1, GoodLogin.seen("accept", "declined"));
        finds(Promise.API_DATABASE_AND_KAFKA_AGREE);
    }

    @Test
    void findsADecisionThatChanged() {
        login.observations.add(GoodLogin.seen("deny", "declined"));
        finds(Promise.A_DECISION_NEVER_CHANGES, Promise.API_DATABASE_AND_KAFKA_AGREE);
    }

    @Test
    void findsAnAnswerThatWasTakenAndDoesNotDecide() {
        login.operations.add(GoodLogin.answer("deny", ANSWERED, 204));
        finds(Promise.AN_ANSWER_WITH_204_DECIDES);
    }

    @Test
    void findsAnAnswerAfterTheEnd() {
        var late = EXPIRES.plusMillis(1);
        login.rows.set(0, GoodLogin.row("deny", "wrong_item", "391", late));
        login.operations.set(0, GoodLogin.answer("391", late, 204));
        login.observations.removeLast();
        login.forget(OutcomeDecided.class);
        login.records.add(
                GoodLogin.record(
                        GoodLogin.outcome(TransactionStatus.DENY, OutcomeReason.WRONG_ITEM)));
        finds(Promise.NO_ANSWER_AFTER_EXPIRY);
    }

    @Test
    void findsAnAcceptOfTheWrongItem() {
        login.rows.set(0, GoodLogin.row("accept", "matched", "391", ANSWERED));
        login.operations.set(0, GoodLogin.answer("391", ANSWERED, Operation.UNKNOWN));
        finds(Promise.ACCEPT_ONLY_BY_THE_RIGHT_ITEM);
    }

    @Test
    void findsAnAcceptThatNobodySent() {
        login.operations.clear();
        finds(Promise.ACCEPT_ONLY_BY_THE_RIGHT_ITEM);
    }

    @Test
    void findsAnAcceptByADeviceThatWasNotAsked() {
        var stranger = UUID.randomUUID();
        login.ask(stranger);
        finds(Promise.ACCEPT_ONLY_BY_THE_RIGHT_ITEM);
    }

    @Test
    void findsAReportThatWasTakenAndDoesNotDecide() {
        letItExpire();
        login.operations.add(GoodLogin.answer("report", ANSWERED, 204));
        finds(Promise.AN_ANSWER_WITH_204_DECIDES);
    }

    @Test
    void believesAReportAfterTheEnd() {
        letItExpire();
        login.operations.add(GoodLogin.answer("report", EXPIRES.plusSeconds(60), 204));
        finds();
    }

    @Test
    void believesAnAcceptWhoseAnswerWasLost() {
        login.operations.set(0, GoodLogin.answer(RIGHT, ANSWERED, Operation.UNKNOWN));
        finds();
    }

    @Test
    void missesEvents() {
        login.forget(ResponseReceived.class);
        finds(Promise.EVERY_IMPLIED_EVENT_IS_ON_KAFKA);
    }

    @Test
    void missesTheChangeOfADevice() {
        login.devices.set(0, new DeviceRow(DEVICE, KEY, 2));
        finds(Promise.EVERY_IMPLIED_EVENT_IS_ON_KAFKA);
    }

    @Test
    void findsAnEventWithTwoIds() {
        login.records.add(GoodLogin.record(login.records.getFirst().event()));
        finds(Promise.ONE_ID_FOR_AN_EVENT);
    }

    @Test
    void findsAnEventOfNothing() {
        login.rows.clear();
        login.promised.clear();
        login.operations.clear();
        finds(Promise.NO_EVENT_WITHOUT_STATE);
    }

    @Test
    void findsAChangeThatTheDeviceDoesNotKnow() {
        login.records.add(GoodLogin.record(GoodLogin.changed(2)));
        assertThat(login.records.getLast().event()).isInstanceOf(DeviceChanged.class);
        finds(Promise.NO_EVENT_WITHOUT_STATE);
    }

    @Test
    void missesAPush() {
        letItExpire();
        login.attempts.clear();
        finds(Promise.EVERY_ASKED_PHONE_IS_PUSHED_TO);
    }

    @Test
    void missesNoPushOfWhichIsToldWhyNot() {
        letItExpire();
        login.attempts.clear();
        login.records.add(GoodLogin.record(unreachable()));
        finds();
    }

    @Test
    void missesNoPushWhereEverythingWasDisturbed() {
        letItExpire();
        login.attempts.clear();
        login.disturbances.add(new Disturbance("outage", START, EXPIRES.minusSeconds(10), false));
        finds();
    }

    @Test
    void findsAPushAfterTheAnswer() {
        login.attempts.add(new Attempt(KEY, TX, ANSWERED.plusSeconds(6), false));
        finds(Promise.NO_PUSH_AFTER_THE_END);
    }

    @Test
    void bearsAPushThatWasHeldUp() {
        login.attempts.add(new Attempt(KEY, TX, ANSWERED.plusSeconds(6), false));
        login.disturbances.add(new Disturbance("SIGSTOP", ANSWERED, ANSWERED.plusSeconds(2), true));
        finds();
    }

    @Test
    void findsALiveKeyThatWasDropped() {
        login.operations.add(GoodLogin.setKey("another"));
        login.devices.set(0, new DeviceRow(DEVICE, null, 1));
        finds(Promise.NO_LIVE_KEY_IS_DROPPED);
    }

    @Test
    void bearsADeadKeyThatWasDropped() {
        login.operations.add(GoodLogin.setKey(KEY));
        login.devices.set(0, new DeviceRow(DEVICE, null, 1));
        login.attempts.set(0, new Attempt(KEY, TX, START.plusMillis(50), true));
        finds();
    }

    @Test
    void findsADeadLetterOfWhichNothingIsTold() {
        login.deadLetters.add(new DeadLetter("push.response.received.v1", 3, 17));
        finds(Promise.A_DEAD_LETTER_IS_TOLD);
        login.log.add(
                "ERROR Dead letter: push.response.received.v1 partition 3 offset 17 key null could"
                        + " not be processed");
        finds();
    }

    private void letItExpire() {
        login.rows.set(0, GoodLogin.expired());
        login.operations.clear();
        login.observations.removeLast();
        login.forget(ResponseReceived.class);
        login.forget(OutcomeDecided.class);
        login.records.add(GoodLogin.record(GoodLogin.expiredOutcome()));
        assertThat(login.records).anyMatch(one -> one.event() instanceof TransactionStarted);
    }

    private static DeliveryReported unreachable() {
        return new DeliveryReported(
                TX,
                DEVICE,
                DeliveryState.UNREACHABLE,
                Provider.FCM,
                "no_connection",
                1,
                false,
                null,
                3,
                100L);
    }

    private void finds(Promise... broken) {
        assertThat(Checker.check(login.evidence()))
                .extracting(Violation::promise)
                .containsExactlyInAnyOrder(broken);
    }
}
