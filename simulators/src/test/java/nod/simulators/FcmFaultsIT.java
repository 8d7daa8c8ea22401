package nod.simulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import com.google.firebase.ErrorCode;
import com.google.firebase.IncomingHttpResponse;
import com.google.firebase.messaging.FirebaseMessagingException;
import com.google.firebase.messaging.Message;
import com.google.firebase.messaging.MessagingErrorCode;

import nod.simulators.fault.Fault;
import nod.simulators.fault.FcmErrorCode;
import nod.simulators.fault.Provider;
import nod.simulators.inbox.Received;
import nod.simulators.sdk.FirebaseClient;
import nod.simulators.wire.Reaction;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/** Each fault of the simulated FCM, as firebase-admin itself sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FcmFaultsIT {

    private static final String TOKEN = "installation-one";

    private Simulators simulators;
    private FirebaseClient firebase;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        simulators = Simulators.start(SimulatorsConfig.in(folder));
        firebase = FirebaseClient.of(simulators);
    }

    @AfterEach
    void forget() {
        simulators.faults().clearAll();
        simulators.inbox(Provider.FCM).clear();
    }

    @AfterAll
    void stop() {
        firebase.close();
        simulators.close();
    }

    // The SDK repeats what got a 503, see below; UNSPECIFIED_ERROR it does not know.
    @ParameterizedTest
    @EnumSource(
            value = FcmErrorCode.class,
            mode = EXCLUDE,
            names = {"UNAVAILABLE", "UNSPECIFIED_ERROR"})
    void refusesWithAnyErrorCode(FcmErrorCode code) {
        fault(new Fault.FcmError(code));

        FirebaseMessagingException refused = refusal();

        assertThat(refused.getMessagingErrorCode())
                .isEqualTo(MessagingErrorCode.valueOf(code.name()));
        assertThat(response(refused).getStatusCode()).isEqualTo(code.httpStatus());
    }

    @Test
    void refusesWithAnErrorCodeThatTheSdkDoesNotKnow() {
        fault(new Fault.FcmError(FcmErrorCode.UNSPECIFIED_ERROR));

        FirebaseMessagingException refused = refusal();

        assertThat(refused.getMessagingErrorCode()).isNull();
        assertThat(refused.getErrorCode()).isEqualTo(ErrorCode.UNKNOWN);
    }

    @Test
    void isUnavailableOnceAndTheSdkTriesAgain() throws Exception {
        simulators
                .faults()
                .set(Provider.FCM, TOKEN, new Fault.FcmError(FcmErrorCode.UNAVAILABLE), 1);

        firebase.messaging().send(message());

        assertThat(statuses()).containsExactly(503, 200);
    }

    @Test
    void asksForPatienceWith429AndRetryAfter() {
        fault(new Fault.TooManyRequests(Duration.ofSeconds(60)));

        FirebaseMessagingException refused = refusal();

        assertThat(refused.getMessagingErrorCode()).isEqualTo(MessagingErrorCode.QUOTA_EXCEEDED);
        assertThat(refused.getErrorCode()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
        assertThat(retryAfter(refused)).isEqualTo("60");
    }

    @Test
    void asksForPatienceWith429Alone() {
        fault(new Fault.TooManyRequests(null));

        FirebaseMessagingException refused = refusal();

        assertThat(refused.getMessagingErrorCode()).isEqualTo(MessagingErrorCode.QUOTA_EXCEEDED);
        assertThat(response(refused).getHeaders()).doesNotContainKey("retry-after");
    }

    @Test
    void isUnavailableForLongerThanTheSdkWaits() {
        fault(new Fault.ServerError(503, Duration.ofSeconds(120)));

        FirebaseMessagingException refused = refusal();

        assertThat(refused.getMessagingErrorCode()).isEqualTo(MessagingErrorCode.UNAVAILABLE);
        assertThat(retryAfter(refused)).isEqualTo("120");
        assertThat(statuses()).containsExactly(503);
    }

    @Test
    void failsInsideWith500() {
        fault(new Fault.ServerError(500));

        assertThat(refusal().getMessagingErrorCode()).isEqualTo(MessagingErrorCode.INTERNAL);
    }

    @Test
    void failsWithAnyOtherServerError() {
        fault(new Fault.ServerError(502));

        FirebaseMessagingException refused = refusal();

        assertThat(refused.getMessagingErrorCode()).isNull();
        assertThat(response(refused).getStatusCode()).isEqualTo(502);
    }

    @Test
    void takesItsTimeThenAccepts() throws Exception {
        Duration delay = Duration.ofMillis(400);
        fault(new Fault.Delay(delay));

        long begun = System.nanoTime();
        firebase.messaging().send(message());

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(delay);
        assertThat(statuses()).containsExactly(200);
    }

    @Test
    void closesTheConnectionBeforeAnAnswerAndTakesTheNextOne() throws Exception {
        firebase.messaging().send(message());
        simulators.faults().set(Provider.FCM, TOKEN, new Fault.ConnectionClosed(), 1);

        FirebaseMessagingException lost = refusal();

        assertThat(lost.getHttpResponse()).isNull();
        assertThat(lost).hasRootCauseInstanceOf(IOException.class);
        firebase.messaging().send(message());
        assertThat(simulators.inbox(Provider.FCM).received(TOKEN))
                .extracting(Received::accepted)
                .containsExactly(true, false, true);
    }

    @Test
    void neverAnswersSoThatTheSdksReadTimeoutEndsIt() {
        fault(new Fault.NoAnswer());

        FirebaseMessagingException lost = refusal();

        assertThat(lost.getHttpResponse()).isNull();
        assertThat(lost).hasRootCauseInstanceOf(TimeoutException.class);
        assertThat(received().reaction()).isEqualTo(new Reaction.Silent());
    }

    @Test
    void refusesTheCredentialsOfAKeyWith401() {
        fault(new Fault.CredentialsRefused());

        FirebaseMessagingException refused = refusal();

        assertThat(refused.getErrorCode()).isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(refused.getMessagingErrorCode()).isNull();
    }

    @Test
    void refusesTheCredentialsForAllWhereTokensAreIssued(@TempDir Path elsewhere) throws Exception {
        simulators.faults().set(Provider.FCM, new Fault.CredentialsRefused());

        try (FirebaseClient fresh = FirebaseClient.of(simulators)) {
            FirebaseMessagingException refused = refusal(fresh);

            assertThat(refused).hasStackTraceContaining("invalid_grant");
            assertThat(simulators.inbox(Provider.FCM).received(TOKEN)).isEmpty();
        }
    }

    @Test
    void refusesTheCredentialsForAllThoughATokenWasIssuedBefore() throws Exception {
        firebase.messaging().send(message());
        simulators.faults().set(Provider.FCM, new Fault.CredentialsRefused());

        FirebaseMessagingException refused = refusal();

        assertThat(refused.getErrorCode()).isEqualTo(ErrorCode.UNAUTHENTICATED);
        assertThat(refused.getMessagingErrorCode()).isNull();
        assertThat(statuses()).containsExactly(200, 401);
    }

    @Test
    void failsForOneKeyAndServesTheOthers() throws Exception {
        fault(new Fault.FcmError(FcmErrorCode.UNREGISTERED));

        firebase.messaging().send(Message.builder().setFid("another").build());

        assertThat(refusal().getMessagingErrorCode()).isEqualTo(MessagingErrorCode.UNREGISTERED);
    }

    @Test
    void failsForTheNextTwoRequestsOnly() throws Exception {
        simulators.faults().set(Provider.FCM, new Fault.FcmError(FcmErrorCode.INTERNAL), 2);

        refusal();
        refusal();
        firebase.messaging().send(message());

        assertThat(statuses()).containsExactly(500, 500, 200);
        assertThat(simulators.faults().active()).isEmpty();
    }

    private void fault(Fault fault) {
        simulators.faults().set(Provider.FCM, TOKEN, fault);
    }

    private FirebaseMessagingException refusal() {
        return refusal(firebase);
    }

    private static FirebaseMessagingException refusal(FirebaseClient client) {
        return catchThrowableOfType(
                FirebaseMessagingException.class, () -> client.messaging().send(message()));
    }

    private static String retryAfter(FirebaseMessagingException refused) {
        Map<String, Object> headers = response(refused).getHeaders();
        return headers.get("retry-after") instanceof List<?> values
                ? values.getFirst().toString()
                : String.valueOf(headers.get("retry-after"));
    }

    private List<Integer> statuses() {
        return simulators.inbox(Provider.FCM).received(TOKEN).stream()
                .map(one -> ((Reaction.Answer) one.reaction().last()).status())
                .toList();
    }

    private Received received() {
        return simulators.inbox(Provider.FCM).received(TOKEN).getLast();
    }

    private static IncomingHttpResponse response(FirebaseMessagingException refused) {
        return Objects.requireNonNull(refused.getHttpResponse(), "it was answered");
    }

    private static Message message() {
        return Message.builder().setFid(TOKEN).putData("tx_id", "1").build();
    }
}
