package nod.collector.authentik;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;
import java.util.UUID;

class MeaningTest {

    @ParameterizedTest
    @CsvSource({
        "ACCEPT, MATCHED, custom_",
        "DENY, DECLINED, login_failed",
        "DENY, REPORTED, suspicious_request",
        "DENY, WRONG_ITEM, suspicious_request",
        "EXPIRED, , login_failed",
        "UNDELIVERABLE, NO_PUSH_KEY, custom_",
        "UNDELIVERABLE, REJECTED, custom_",
        "UNDELIVERABLE, UNREACHABLE, custom_",
        "CANCELLED, CANCELLED, custom_",
        "CANCELLED, SUPERSEDED, custom_"
    })
    void givesEachOutcomeAnActionOfAuthentiks(
            TransactionStatus status, @Nullable OutcomeReason reason, String action) {
        var meaning = Meaning.of(outcome(status, reason));

        assertThat(meaning.action()).isEqualTo(action);
        assertThat(meaning.message()).startsWith("A login ");
    }

    @Test
    void whatStillWaitsIsNoOutcome() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Meaning.of(outcome(TransactionStatus.WAIT, null)))
                .withMessageContaining("wait is no outcome");
    }

    private static OutcomeDecided outcome(
            TransactionStatus status, @Nullable OutcomeReason reason) {
        return new OutcomeDecided(
                UUID.randomUUID(), "7", status, reason, null, Instant.EPOCH, Instant.EPOCH);
    }
}
