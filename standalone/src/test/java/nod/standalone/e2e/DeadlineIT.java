package nod.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;
import nod.simulators.fault.ApnsReason;
import nod.simulators.fault.Fault;
import nod.simulators.fault.FcmErrorCode;
import nod.simulators.fault.Provider;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.e2e.Authentik.Login;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What becomes of logins that nobody answers, in every mode on both providers. All of them run out
 * at the same time, so that the test waits once.
 */
@ResourceLock(RunningSystem.LOCK)
class DeadlineIT {

    private static final List<String> MODES =
            List.of("accept_deny", "number_matching_2", "number_matching_3", "number_entry_6");

    private final RunningSystem system = RunningSystem.get();
    private final Authentik authentik = system.authentik();
    private final Auditor auditor = system.auditor();

    private record Unanswered(
            String name,
            VirtualPhone phone,
            Login login,
            TransactionStatus status,
            @Nullable OutcomeReason reason) {}

    @TestFactory
    List<DynamicTest> endByThemselves() {
        var logins = new ArrayList<Unanswered>();
        for (var provider : Provider.values()) {
            for (var mode : MODES) {
                logins.add(ignored(provider, mode));
            }
            logins.add(faulty(provider, rejection(provider), OutcomeReason.REJECTED));
            logins.add(faulty(provider, new Fault.ServerError(503), OutcomeReason.UNREACHABLE));
            logins.add(withoutKey(provider));
            logins.add(pulled(provider));
        }
        return logins.stream()
                .map(login -> DynamicTest.dynamicTest(login.name, () -> hasEnded(login)))
                .toList();
    }

    private void hasEnded(Unanswered unanswered) {
        var decided = authentik.await(unanswered.login);

        assertThat(decided.status()).isEqualTo(unanswered.status.text());
        assertThat(decided.reason())
                .isEqualTo(unanswered.reason == null ? null : unanswered.reason.text());
        assertThat(decided.answeredBy()).isNull();
        var late = unanswered.phone.answerRaw(decided.txId(), decided.rightItem());
        assertThat(late.status()).isEqualTo(404);
        auditor.seesOneOutcome(decided, unanswered.status, unanswered.reason);
    }

    private static PhoneModel model(Provider provider) {
        return provider == Provider.FCM ? PhoneModel.android("phone") : PhoneModel.iphone("phone");
    }

    private static Fault rejection(Provider provider) {
        return switch (provider) {
            case FCM -> new Fault.FcmError(FcmErrorCode.SENDER_ID_MISMATCH);
            case APNS -> new Fault.ApnsRejection(ApnsReason.BAD_DEVICE_TOKEN);
        };
    }

    private Login start(String user, String mode) {
        return authentik.start(user, mode, Map.of("expires_in", 10));
    }

    private Unanswered ignored(Provider provider, String mode) {
        var user = RunningSystem.newUser();
        var phone = system.phone(user, model(provider));
        return new Unanswered(
                provider + " " + mode + " expires",
                phone,
                start(user, mode),
                TransactionStatus.EXPIRED,
                null);
    }

    private Unanswered faulty(Provider provider, Fault fault, OutcomeReason reason) {
        var user = RunningSystem.newUser();
        var phone = system.phone(user, model(provider));
        system.standalone().simulators().faults().set(provider, phone.pushKey(), fault);
        return new Unanswered(
                provider + " that answers " + fault + " makes it undeliverable",
                phone,
                start(user, "accept_deny"),
                TransactionStatus.UNDELIVERABLE,
                reason);
    }

    private Unanswered withoutKey(Provider provider) {
        var user = RunningSystem.newUser();
        var phone = system.phoneWithoutKey(user, model(provider));
        return new Unanswered(
                provider + " phone without a key makes it undeliverable",
                phone,
                start(user, "accept_deny"),
                TransactionStatus.UNDELIVERABLE,
                OutcomeReason.NO_PUSH_KEY);
    }

    private Unanswered pulled(Provider provider) {
        var user = RunningSystem.newUser();
        var phone = system.phoneWithoutKey(user, model(provider));
        var login = start(user, "accept_deny");
        phone.pull();
        return new Unanswered(
                provider + " phone that pulled lets it expire",
                phone,
                login,
                TransactionStatus.EXPIRED,
                null);
    }
}
