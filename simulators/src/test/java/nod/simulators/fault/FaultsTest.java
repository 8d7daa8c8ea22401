package nod.simulators.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;

class FaultsTest {

    private static final Fault SILENT = new Fault.NoAnswer();
    private static final Fault CLOSED = new Fault.ConnectionClosed();

    private final Faults faults = new Faults();

    @Test
    void hasNoneAtFirst() {
        assertThat(faults.take(Provider.FCM, "key")).isEmpty();
        assertThat(faults.active()).isEmpty();
    }

    @Test
    void prefersTheFaultOfTheKey() {
        faults.set(Provider.FCM, SILENT);
        faults.set(Provider.FCM, "key", CLOSED);

        assertThat(faults.take(Provider.FCM, "key")).contains(CLOSED);
        assertThat(faults.take(Provider.FCM, "other")).contains(SILENT);
        assertThat(faults.take(Provider.APNS, "key")).isEmpty();
    }

    @Test
    void endsAfterTheRequestsItWasFor() {
        faults.set(Provider.APNS, "key", CLOSED, 2);

        assertThat(faults.take(Provider.APNS, "key")).contains(CLOSED);
        assertThat(faults.active())
                .containsExactly(new ActiveFault(Provider.APNS, "key", CLOSED, 1));
        assertThat(faults.take(Provider.APNS, "key")).contains(CLOSED);
        assertThat(faults.take(Provider.APNS, "key")).isEmpty();
        assertThat(faults.active()).isEmpty();
    }

    @Test
    void leavesAFaultAloneThatIsNotTheKindAskedFor() {
        faults.set(Provider.FCM, SILENT, 1);

        assertThat(faults.take(Provider.FCM, Fault.CredentialsRefused.class::isInstance)).isEmpty();
        assertThat(faults.take(Provider.FCM, "key")).contains(SILENT);
    }

    @Test
    void clearsWhatIsNamedAndNothingElse() {
        faults.set(Provider.FCM, SILENT);
        faults.set(Provider.FCM, "key", CLOSED);

        faults.clear(Provider.FCM);
        assertThat(faults.take(Provider.FCM, "key")).contains(CLOSED);
        faults.clear(Provider.FCM, "key");
        assertThat(faults.active()).isEmpty();
    }

    @Test
    void refusesAFaultThatTheProviderDoesNotKnow() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> faults.set(Provider.APNS, new Fault.FcmError(FcmErrorCode.INTERNAL)))
                .withMessageContaining("expected one that apns knows");
    }

    @Test
    void refusesToFailForNoRequestAtAll() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> faults.set(Provider.FCM, SILENT, 0))
                .withMessage("times: 0, expected 1 or more");
    }

    @Test
    void refusesFaultsThatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Fault.ServerError(404))
                .withMessage("status: 404, expected 500 to 599");
        assertThatIllegalArgumentException().isThrownBy(() -> new Fault.Delay(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Fault.TooManyRequests(Duration.ofMillis(1500)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Fault.ApnsRejection(ApnsReason.BAD_TOPIC, Instant.EPOCH));
    }
}
