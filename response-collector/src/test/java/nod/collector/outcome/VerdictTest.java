package nod.collector.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.schemas.event.ItemMode;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;
import nod.schemas.event.Withdrawal;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.UUID;

class VerdictTest {

    @ParameterizedTest
    @CsvSource({
        "42, ACCEPT, MATCHED",
        "deny, DENY, DECLINED",
        "report, DENY, REPORTED",
        "43, DENY, WRONG_ITEM"
    })
    void turnsAnAnswerIntoAStatusAndItsReason(
            String item, TransactionStatus status, OutcomeReason reason) {
        var claim = new Claim.Answered(UUID.randomUUID(), item);

        assertThat(Verdict.on(claim, ItemMode.NUMBER_MATCHING_2, "42"))
                .isEqualTo(new Verdict(status, reason));
    }

    @ParameterizedTest
    @CsvSource({"CANCELLED, CANCELLED", "SUPERSEDED, SUPERSEDED"})
    void turnsAWithdrawalIntoCancelledAndItsReason(Withdrawal withdrawal, OutcomeReason reason) {
        assertThat(Verdict.on(new Claim.Withdrawn(withdrawal), ItemMode.ACCEPT_DENY, "accept"))
                .isEqualTo(new Verdict(TransactionStatus.CANCELLED, reason));
    }

    @Test
    void refusesAClaimThatItDoesNotKnow() {
        assertThatThrownBy(() -> Claim.of("revoked", null, null))
                .hasMessageContaining("'revoked'")
                .hasMessageContaining("expected answer, cancelled or superseded");
    }
}
