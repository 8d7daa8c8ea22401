package nod.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import nod.schemas.event.Answer;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.Reply;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.e2e.Authentik.Login;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/** Every race that the claim decides, forced in both orders by holding the contested row. */
@ResourceLock(RunningSystem.LOCK)
class RacesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RunningSystem system = RunningSystem.get();
    private final Authentik authentik = system.authentik();
    private final Auditor auditor = system.auditor();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final String user = RunningSystem.newUser();

    @AfterEach
    void stop() {
        callers.close();
    }

    @Test
    void theFirstOfTwoDevicesDecides() throws Exception {
        var first = system.phone(user, PhoneModel.android("first"));
        var second = system.phone(user, PhoneModel.iphone("second"));
        var login = authentik.start(user, "accept_deny");

        var replies =
                inOrder(
                        login,
                        () -> first.answerRaw(login.txId(), "accept").status(),
                        () -> second.answerRaw(login.txId(), "deny").status());

        assertThat(replies).containsExactly(204, 404);
        var decided = authentik.await(login);
        assertThat(decided.answeredBy()).isEqualTo(first.device().toString());
        auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
        assertThat(auditor.responses(login)).hasSize(1);
    }

    @Test
    void theSameAnswerTwiceAtOnceIsOneAnswer() throws Exception {
        var phone = system.phone(user, PhoneModel.android("double"));
        var login = authentik.start(user, "accept_deny");

        var replies =
                inOrder(
                        login,
                        () -> phone.answerRaw(login.txId(), "accept").status(),
                        () -> phone.answerRaw(login.txId(), "accept").status());

        assertThat(replies).containsExactly(204, 204);
        auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
        assertThat(auditor.responses(login)).hasSize(1);
    }

    @Test
    void anAnswerBeforeACancelStands() throws Exception {
        var phone = system.phone(user, PhoneModel.android("quick"));
        var login = authentik.start(user, "accept_deny");

        var replies = inOrder(login, answer(phone, login), cancel(login));

        assertThat(replies).containsExactly(204, 204);
        auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
        assertThat(auditor.withdrawals(login)).isEmpty();
    }

    @Test
    void anAnswerAfterACancelIsRefused() throws Exception {
        var phone = system.phone(user, PhoneModel.android("slow"));
        var login = authentik.start(user, "accept_deny");

        var replies = inOrder(login, cancel(login), answer(phone, login));

        assertThat(replies).containsExactly(204, 404);
        auditor.seesOneOutcome(login, TransactionStatus.CANCELLED, OutcomeReason.CANCELLED);
        assertThat(auditor.responses(login)).isEmpty();
    }

    @Test
    void anAnswerBeforeANewerStartStands() throws Exception {
        var phone = system.phone(user, PhoneModel.android("quick"));
        var login = authentik.start(user, "accept_deny");

        var replies = inOrder(login, answer(phone, login), start());

        assertThat(replies).containsExactly(204, 201);
        auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
    }

    @Test
    void anAnswerAfterANewerStartIsRefused() throws Exception {
        var phone = system.phone(user, PhoneModel.android("slow"));
        var login = authentik.start(user, "accept_deny");

        var replies = inOrder(login, start(), answer(phone, login));

        assertThat(replies).containsExactly(201, 404);
        auditor.seesOneOutcome(login, TransactionStatus.CANCELLED, OutcomeReason.SUPERSEDED);
    }

    @Test
    void anAnswerBeforeTheDevicesRemovalStands() throws Exception {
        var phone = system.phone(user, PhoneModel.android("leaving"));
        var login = authentik.start(user, "accept_deny");

        var replies = inOrder(login, answer(phone, login), remove(phone));

        assertThat(replies).containsExactly(204, 204);
        auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
    }

    @Test
    void anAnswerAfterTheDevicesRemovalIsRefused() throws Exception {
        var phone = system.phone(user, PhoneModel.android("gone"));
        var login = authentik.start(user, "accept_deny");

        // The credential of the answer is still good when it is checked: only the claim can tell.
        var replies = inOrder(login, remove(phone), answer(phone, login));

        assertThat(replies).containsExactly(204, 404);
        auditor.seesOneOutcome(login, TransactionStatus.CANCELLED, OutcomeReason.CANCELLED);
    }

    @Test
    void anAnswerThatArrivedInTimeDecidesThoughItWaitedPastTheEnd() throws Exception {
        var phone = system.phone(user, PhoneModel.android("last-second"));
        var login = authentik.start(user, "accept_deny", Map.of("expires_in", 10));

        try (var row = HeldRow.transaction(system, login.txId())) {
            var reply = async(answer(phone, login));
            row.awaitWaiting(1);
            row.awaitExpiry(login.txId());
            row.release();
            assertThat(reply.get()).isEqualTo(204);
        }

        auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
    }

    @Test
    void anAnswerAfterTheEndIsRefusedThoughNothingWasDecidedYet() throws Exception {
        var phone = system.phone(user, PhoneModel.android("too-late"));
        var login = authentik.start(user, "accept_deny", Map.of("expires_in", 10));
        phone.awaitPush(PATIENCE);

        try (var row = HeldRow.transaction(system, login.txId())) {
            // The sweep skips a locked row, so that the answer finds it past its end and undecided.
            row.awaitExpiry(login.txId());
            var reply = async(answer(phone, login));
            row.release();
            assertThat(reply.get()).isEqualTo(404);
        }

        auditor.seesOneOutcome(login, TransactionStatus.EXPIRED, null);
    }

    @Test
    void oneOfTwoStartsAtOnceSupersedesTheOther() throws Exception {
        var phone = system.phone(user, PhoneModel.android("twice"));
        var before = authentik.start(user, "accept_deny");
        authentik.cancel(before);

        CompletableFuture<Authentik.Answer> one;
        CompletableFuture<Authentik.Answer> other;
        try (var row = HeldRow.user(system, user)) {
            one = async(() -> authentik.tryStart(user, "accept_deny", Map.of()));
            row.awaitWaiting(1);
            other = async(() -> authentik.tryStart(user, "accept_deny", Map.of()));
            row.awaitWaiting(2);
            row.release();
        }

        var first = new Login(one.get().body());
        var second = new Login(other.get().body());
        auditor.seesOneOutcome(first, TransactionStatus.CANCELLED, OutcomeReason.SUPERSEDED);
        assertThat(phone.pull()).extracting(prompt -> prompt.txId()).containsExactly(second.txId());
        assertThat(answer(phone, second).get()).isEqualTo(204);
        auditor.seesOneOutcome(second, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
    }

    @Test
    void aReportAfterTheDecisionLocksAndChangesNothing() throws Exception {
        var first = system.phone(user, PhoneModel.android("first"));
        var second = system.phone(user, PhoneModel.android("second"));
        var login = authentik.start(user, "accept_deny");

        var replies =
                inOrder(
                        login,
                        answer(first, login),
                        () -> second.answerRaw(login.txId(), "report").status());

        assertThat(replies).containsExactly(204, 204);
        auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
        assertThat(auditor.responses(login))
                .extracting(response -> response.answer(), response -> response.late())
                .containsExactlyInAnyOrder(tuple(Answer.ACCEPT, false), tuple(Answer.REPORT, true));
        assertThat(authentik.tryStart(user, "accept_deny", Map.of()).status()).isEqualTo(429);
    }

    private static Supplier<Integer> answer(VirtualPhone phone, Login login) {
        return () -> {
            Reply reply = phone.answerRaw(login.txId(), "accept");
            return reply.status();
        };
    }

    private Supplier<Integer> cancel(Login login) {
        return () -> authentik.call("DELETE", "transactions/" + login.txId() + "/", null).status();
    }

    private Supplier<Integer> remove(VirtualPhone phone) {
        return () -> authentik.call("DELETE", phone.device() + "/", null).status();
    }

    private Supplier<Integer> start() {
        return () -> authentik.tryStart(user, "accept_deny", Map.of()).status();
    }

    /** Both at once, the first one ahead by the length of a queue. */
    private List<Integer> inOrder(Login login, Supplier<Integer> first, Supplier<Integer> second)
            throws Exception {
        try (var row = HeldRow.transaction(system, login.txId())) {
            var one = async(first);
            row.awaitWaiting(1);
            var other = async(second);
            row.awaitWaiting(2);
            row.release();
            return List.of(one.get(), other.get());
        } catch (SQLException e) {
            throw new AssertionError("the row could not be held", e);
        }
    }

    private <T> CompletableFuture<T> async(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, callers);
    }
}
