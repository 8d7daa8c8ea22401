package nod.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;
import nod.simulators.phone.PhoneModel;
import nod.standalone.e2e.Authentik.Answer;
import nod.standalone.e2e.Authentik.Login;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** A user whom somebody bombs with pushes. */
@ResourceLock(value = RunningSystem.LOCK, mode = ResourceAccessMode.READ)
class PushFatigueIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RunningSystem system = RunningSystem.get();
    private final Authentik authentik = system.authentik();
    private final Auditor auditor = system.auditor();
    private final PushedBytes pushed = new PushedBytes(system.standalone());
    private final String user = RunningSystem.newUser();

    @Test
    void getsNoFurtherPushAfterADeny() {
        var phone = system.phone(user, PhoneModel.android("left in peace"));
        var login = authentik.start(user, "accept_deny");
        phone.deny(phone.awaitPush(PATIENCE));

        assertThat(tryStart().status()).isEqualTo(429);
        auditor.seesOneOutcome(login, TransactionStatus.DENY, OutcomeReason.DECLINED);

        assertThat(tryStart().status()).isEqualTo(429);
        // A push that came by itself would come before that of a login which began later.
        var other = RunningSystem.newUser();
        var otherPhone = system.phone(other, PhoneModel.android("another's"));
        authentik.start(other, "accept_deny");
        otherPhone.awaitPush(PATIENCE);
        assertThat(pushed.all(phone)).hasSize(1);
    }

    @Test
    void getsExactlyAsManyPushesAsLoginsWereStarted() throws Exception {
        var android = system.phone(user, PhoneModel.android("bombed"));
        var iphone = system.phone(user, PhoneModel.iphone("bombed, too"));
        @Nullable Login last = null;
        for (int i = 0; i < 3; i++) {
            last = authentik.start(user, "accept_deny");
            android.awaitPush(PATIENCE);
            iphone.awaitPush(PATIENCE);
        }

        assertThat(bomb(40)).containsOnly(429);

        authentik.cancel(requireNonNull(last));
        await().atMost(PATIENCE).until(this::isListed);
        assertThat(bomb(40)).containsOnly(429);
        assertThat(pushed.all(android)).hasSize(3);
        assertThat(pushed.all(iphone)).hasSize(3);
    }

    /** The gateway writes the pause down when it hears of the outcome: nobody asks here. */
    private boolean isListed() {
        return authentik
                .call("GET", "locks/?page_size=1000", null)
                .body()
                .path("results")
                .valueStream()
                .anyMatch(
                        lock ->
                                lock.path("user").asString().equals(user)
                                        && lock.path("reason").asString().equals("unanswered"));
    }

    /** That many starts at once; returns the statuses. */
    private List<Integer> bomb(int starts) throws Exception {
        var statuses = new ArrayList<Integer>();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Answer> start = this::tryStart;
            for (var answer : callers.invokeAll(Collections.nCopies(starts, start))) {
                statuses.add(answer.get().status());
            }
        }
        return statuses;
    }

    /** As callers do: a gateway that turns away what it can't get to is asked once more. */
    private Answer tryStart() {
        return await().atMost(PATIENCE)
                .until(
                        () -> authentik.tryStart(user, "accept_deny", Map.of()),
                        answer -> answer.status() != 503);
    }
}
