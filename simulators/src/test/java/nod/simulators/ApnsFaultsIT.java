package nod.simulators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.eatthepath.pushy.apns.PushNotificationResponse;

import nod.simulators.fault.ApnsReason;
import nod.simulators.fault.Fault;
import nod.simulators.fault.Provider;
import nod.simulators.inbox.Received;
import nod.simulators.sdk.PushyClient;
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
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Each fault of the simulated APNs, as pushy itself sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApnsFaultsIT {

    private static final String PAYLOAD = "{\"aps\":{\"alert\":\"Sign in\"}}";

    private final String token = UUID.randomUUID().toString().replace("-", "").repeat(2);
    private Simulators simulators;
    private PushyClient pushy;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        simulators = Simulators.start(SimulatorsConfig.in(folder));
        pushy = PushyClient.of(simulators);
    }

    @AfterEach
    void forget() {
        simulators.faults().clearAll();
        simulators.inbox(Provider.APNS).clear();
    }

    @AfterAll
    void stop() {
        pushy.close();
        simulators.close();
    }

    @ParameterizedTest
    @EnumSource(ApnsReason.class)
    void refusesForAnyReason(ApnsReason reason) throws Exception {
        fault(new Fault.ApnsRejection(reason));

        var response = send();

        assertThat(response.isAccepted()).isFalse();
        assertThat(response.getRejectionReason()).contains(reason.reason());
        assertThat(response.getStatusCode()).isEqualTo(reason.status());
        assertThat(response.getTokenInvalidationTimestamp()).isEmpty();
    }

    @Test
    void saysSinceWhenADeviceTokenIsDead() throws Exception {
        Instant since = Instant.ofEpochMilli(1_700_000_000_123L);
        fault(new Fault.ApnsRejection(ApnsReason.UNREGISTERED, since));

        var response = send();

        assertThat(response.getRejectionReason()).contains("Unregistered");
        assertThat(response.getTokenInvalidationTimestamp()).contains(since);
    }

    @Test
    void asksForPatienceWith429() throws Exception {
        fault(new Fault.TooManyRequests(Duration.ofSeconds(30)));

        var response = send();

        assertThat(response.getStatusCode()).isEqualTo(429);
        assertThat(response.getRejectionReason()).contains("TooManyRequests");
        assertThat(answer().headers()).containsEntry("retry-after", "30");
    }

    @Test
    void failsInsideWith500() throws Exception {
        fault(new Fault.ServerError(500));

        var response = send();

        assertThat(response.getStatusCode()).isEqualTo(500);
        assertThat(response.getRejectionReason()).contains("InternalServerError");
    }

    @Test
    void isUnavailableWith503() throws Exception {
        fault(new Fault.ServerError(503, Duration.ofSeconds(5)));

        var response = send();

        assertThat(response.getStatusCode()).isEqualTo(503);
        assertThat(response.getRejectionReason()).contains("ServiceUnavailable");
    }

    @Test
    void takesItsTimeThenAccepts() throws Exception {
        Duration delay = Duration.ofMillis(400);
        fault(new Fault.Delay(delay));

        long begun = System.nanoTime();
        var response = send();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(delay);
        assertThat(response.isAccepted()).isTrue();
    }

    @Test
    void answersOthersWhileOneTakesItsTime() throws Exception {
        fault(new Fault.Delay(Duration.ofSeconds(5)));
        var slow = pushy.begin(token, PAYLOAD);

        assertThat(pushy.send("0f".repeat(32), PAYLOAD).isAccepted()).isTrue();

        assertThat(slow).isNotDone();
        slow.cancel(false);
    }

    @Test
    void closesTheConnectionBeforeAnAnswerAndTakesTheNextOne() throws Exception {
        send();
        simulators.faults().set(Provider.APNS, token, new Fault.ConnectionClosed(), 1);

        assertThatThrownBy(this::send)
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseInstanceOf(IOException.class);

        assertThat(send().isAccepted()).isTrue();
        assertThat(simulators.inbox(Provider.APNS).received(token))
                .extracting(Received::accepted)
                .containsExactly(true, false, true);
    }

    @Test
    void neverAnswers() {
        fault(new Fault.NoAnswer());

        var unanswered = pushy.begin(token, PAYLOAD);

        assertThatThrownBy(() -> unanswered.get(500, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);
        assertThat(simulators.inbox(Provider.APNS).received(token).getLast().reaction())
                .isEqualTo(new Reaction.Silent());
    }

    @Test
    void refusesTheCredentials() throws Exception {
        simulators.faults().set(Provider.APNS, new Fault.CredentialsRefused());

        var response = send();

        assertThat(response.getStatusCode()).isEqualTo(403);
        assertThat(response.getRejectionReason()).contains("InvalidProviderToken");
    }

    @Test
    void failsForOneDeviceAndServesTheOthers() throws Exception {
        fault(new Fault.ApnsRejection(ApnsReason.UNREGISTERED));

        assertThat(pushy.send("0f".repeat(32), PAYLOAD).isAccepted()).isTrue();
        assertThat(send().isAccepted()).isFalse();
    }

    @Test
    void failsForTheNextTwoRequestsOnly() throws Exception {
        simulators.faults().set(Provider.APNS, new Fault.ServerError(503), 2);

        assertThat(send().getStatusCode()).isEqualTo(503);
        assertThat(send().getStatusCode()).isEqualTo(503);
        assertThat(send().getStatusCode()).isEqualTo(200);
        assertThat(simulators.faults().active()).isEmpty();
    }

    private void fault(Fault fault) {
        simulators.faults().set(Provider.APNS, token, fault);
    }

    private PushNotificationResponse<?> send() throws Exception {
        return pushy.send(token, PAYLOAD);
    }

    private Reaction.Answer answer() {
        Received received = simulators.inbox(Provider.APNS).received(token).getLast();
        return (Reaction.Answer) received.reaction().last();
    }
}
