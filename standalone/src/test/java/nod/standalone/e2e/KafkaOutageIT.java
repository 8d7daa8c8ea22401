package nod.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;
import nod.simulators.phone.PhoneModel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/** Kafka goes away and comes back. */
@ResourceLock(RunningSystem.LOCK)
class KafkaOutageIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RunningSystem system = RunningSystem.get();
    private final Authentik authentik = system.authentik();
    private final Auditor auditor = system.auditor();
    private final String user = RunningSystem.newUser();

    @AfterEach
    void bringKafkaBack() {
        system.standalone().kafka().start();
        await().atMost(PATIENCE)
                .until(
                        () -> {
                            var probe = RunningSystem.newUser();
                            system.phoneWithoutKey(probe, PhoneModel.android("probe"));
                            return authentik.tryStart(probe, "accept_deny", Map.of()).status()
                                    == 201;
                        });
    }

    @Test
    void anAnswerThatWasTakenMeanwhileDecides() {
        var phone = system.phone(user, PhoneModel.android("answers"));
        var login = authentik.start(user, "accept_deny", Map.of("expires_in", 120));
        var prompt = phone.awaitPush(PATIENCE);

        system.standalone().kafka().stop();
        phone.accept(prompt);
        assertThat(authentik.show(login).status()).isEqualTo("wait");
        refusesToStartWithinASecond();
        enrolsCancelsAndChecksInAsEver();
        system.standalone().kafka().start();

        await().atMost(PATIENCE).until(() -> authentik.await(login).status().equals("accept"));
        auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
    }

    @Test
    void anAnswerDecidesWhileKafkaStaysAwayAndIsToldOnceLater() {
        var phone = system.phone(user, PhoneModel.android("is decided meanwhile"));
        var login = authentik.start(user, "accept_deny", Map.of("expires_in", 120));
        var prompt = phone.awaitPush(PATIENCE);

        system.standalone().kafka().stop();
        phone.accept(prompt);
        await().atMost(PATIENCE).until(() -> authentik.await(login).status().equals("accept"));
        system.standalone().kafka().start();

        auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
    }

    private void refusesToStartWithinASecond() {
        // What the gateway knows of Kafka may be a second old.
        await().atMost(Duration.ofSeconds(5))
                .until(() -> authentik.tryStart(user, "accept_deny", Map.of()).status() == 503);
        // The contract's second, and one for the test machine. It may be busy: the quickest counts.
        assertThat(Stream.generate(this::refusal).limit(3).min(Comparator.naturalOrder()))
                .hasValueSatisfying(took -> assertThat(took).isLessThan(Duration.ofSeconds(2)));
    }

    private Duration refusal() {
        var begin = System.nanoTime();
        var refused = authentik.tryStart(user, "accept_deny", Map.of());
        assertThat(refused.status()).isEqualTo(503);
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private void enrolsCancelsAndChecksInAsEver() {
        var other = system.phone(RunningSystem.newUser(), PhoneModel.iphone("meanwhile"));
        other.checkIn();
        assertThat(other.pull()).isEmpty();
    }
}
