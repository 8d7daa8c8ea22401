package nod.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.schemas.event.Answer;
import nod.schemas.event.DeliveryState;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;
import nod.simulators.fault.Provider;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.Prompt;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.e2e.Authentik.Login;

import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One user, one phone, every mode on every provider. */
@ResourceLock(RunningSystem.LOCK)
class LoginIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RunningSystem system = RunningSystem.get();
    private final Authentik authentik = system.authentik();
    private final Auditor auditor = system.auditor();
    private final PushedBytes pushed = new PushedBytes(system.standalone());

    static Stream<Arguments> everyProviderAndMode() {
        return Stream.of(PhoneModel.android("pixel"), PhoneModel.iphone("iphone"))
                .flatMap(
                        model ->
                                Stream.of(
                                                "accept_deny",
                                                "number_matching_2",
                                                "number_matching_3",
                                                "number_entry_6")
                                        .map(mode -> Arguments.of(model.provider(), mode)));
    }

    private static PhoneModel model(Provider provider) {
        return switch (provider) {
            case FCM -> PhoneModel.android("pixel");
            case APNS -> PhoneModel.iphone("iphone");
        };
    }

    @ParameterizedTest
    @MethodSource("everyProviderAndMode")
    void isApprovedWithTheRightItem(Provider provider, String mode) {
        var asked = ask(provider, mode);

        asked.phone.answer(asked.prompt, asked.login.rightItem());

        var decided = authentik.await(asked.login);
        assertThat(decided.status()).isEqualTo("accept");
        assertThat(decided.reason()).isEqualTo("matched");
        assertThat(decided.answeredBy()).isEqualTo(asked.phone.device().toString());
        // Written with others of the same moment: a phone that answers at once is quicker.
        await().until(
                        () ->
                                authentik
                                        .show(asked.login)
                                        .delivery(asked.phone.device())
                                        .equals("accepted"));
        auditor.seesOneOutcome(asked.login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
        var kind = mode.equals("accept_deny") ? Answer.ACCEPT : Answer.ITEM;
        assertThat(auditor.response(asked.login).answer()).isEqualTo(kind);
    }

    @ParameterizedTest
    @MethodSource("everyProviderAndMode")
    void isDenied(Provider provider, String mode) {
        var asked = ask(provider, mode);

        asked.phone.deny(asked.prompt);

        isRefused(asked, OutcomeReason.DECLINED);
        assertThat(auditor.response(asked.login).answer()).isEqualTo(Answer.DENY);
    }

    @ParameterizedTest
    @MethodSource("everyProviderAndMode")
    void isReportedAndLocksTheUser(Provider provider, String mode) {
        var asked = ask(provider, mode);

        asked.phone.report(asked.prompt);

        isRefused(asked, OutcomeReason.REPORTED);
        assertThat(auditor.response(asked.login).answer()).isEqualTo(Answer.REPORT);
        var user = asked.login.json().path("user").asString();
        assertThat(authentik.tryStart(user, mode, Map.of()).status()).isEqualTo(429);
    }

    @ParameterizedTest
    @MethodSource("everyProviderAndMode")
    void isEndedByAWrongItem(Provider provider, String mode) {
        var asked = ask(provider, mode);

        asked.phone.answer(asked.prompt, wrongItem(asked));

        isRefused(asked, OutcomeReason.WRONG_ITEM);
        var secondTry = asked.phone.answerRaw(asked.prompt.txId(), asked.login.rightItem());
        assertThat(secondTry.status()).isEqualTo(404);
    }

    private void isRefused(Asked asked, OutcomeReason reason) {
        var decided = authentik.await(asked.login);
        assertThat(decided.status()).isEqualTo("deny");
        assertThat(decided.reason()).isEqualTo(reason.text());
        auditor.seesOneOutcome(asked.login, TransactionStatus.DENY, reason);
    }

    private record Asked(VirtualPhone phone, Login login, Prompt prompt) {}

    /**
     * The way there is the same for every answer: the phone has its prompt, as the contract says.
     */
    private Asked ask(Provider provider, String mode) {
        var user = RunningSystem.newUser();
        var phone = system.phone(user, model(provider));

        var login =
                authentik.start(
                        user,
                        mode,
                        Map.of("context", Map.of("application", "Wiki", "client_ip", "192.0.2.7")));
        var prompt = phone.awaitPush(PATIENCE);

        assertThat(prompt.txId()).isEqualTo(login.txId());
        assertThat(prompt.title()).isEqualTo("Sign-in request");
        assertThat(prompt.body()).isEqualTo("Approve the sign-in to Wiki?");
        pushed.isExactly(phone, login, prompt);
        isOfferedWhatTheModeSays(mode, login, prompt.items());
        var started = auditor.started(login);
        assertThat(started.items()).isEqualTo(prompt.items());
        assertThat(started.devices()).containsExactly(phone.device());
        var report = auditor.deliveries(login, 1).getFirst();
        assertThat(report.state()).isEqualTo(DeliveryState.ACCEPTED);
        assertThat(report.attempts()).isEqualTo(1);
        return new Asked(phone, login, prompt);
    }

    private static void isOfferedWhatTheModeSays(String mode, Login login, List<String> items) {
        switch (mode) {
            case "accept_deny" -> assertThat(items).containsExactly("accept", "deny");
            case "number_entry_6" -> {
                assertThat(items).isEmpty();
                assertThat(login.rightItem()).matches("[0-9]{6}");
            }
            default -> assertThat(items).hasSize(3).contains(login.rightItem());
        }
    }

    private static String wrongItem(Asked asked) {
        return asked.prompt.items().stream()
                .filter(item -> !item.equals(asked.login.rightItem()) && !item.equals("deny"))
                .findFirst()
                .orElse(asked.login.rightItem().equals("000000") ? "000001" : "000000");
    }
}
