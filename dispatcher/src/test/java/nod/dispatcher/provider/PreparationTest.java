package nod.dispatcher.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.CredentialsRefused;
import nod.dispatcher.push.PushResult.TryAgain;
import nod.dispatcher.push.ScriptedSender;
import nod.schemas.event.Provider;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.SmartLifecycle;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

@ExtendWith(OutputCaptureExtension.class)
class PreparationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ScriptedSender fcm = new ScriptedSender(Provider.FCM);
    private final ScriptedSender apns = new ScriptedSender(Provider.APNS);
    private final GuardedSenders senders = new GuardedSenders(List.of(guarded(fcm), guarded(apns)));
    private final Preparation preparation = new Preparation(senders);

    private static GuardedSender guarded(ScriptedSender provider) {
        return new GuardedSender(
                provider,
                new GuardedSender.Bounds(1, 1, 50, PATIENCE, 4, PATIENCE),
                new DispatcherMetrics(new SimpleMeterRegistry()),
                System::nanoTime,
                Schedulers.immediate());
    }

    @Test
    void aProviderThatDoesNotAnswerHoldsNothingUp() {
        var cancelled = new AtomicBoolean();
        fcm.prepares(Mono.<PushResult>never().doOnCancel(() -> cancelled.set(true)));

        preparation.start();

        assertThat(preparation.isRunning()).isTrue();
        assertThat(preparation.getPhase()).isLessThan(SmartLifecycle.DEFAULT_PHASE);
        preparation.stop();
        assertThat(preparation.isRunning()).isFalse();
        assertThat(cancelled).isTrue();
    }

    @Test
    void whoIsNotReadyIsNamed(CapturedOutput output) {
        apns.prepares(Mono.just(TryAgain.outage("no_connection", null)));

        preparation.start();

        assertThat(output).contains("apns is not ready (no_connection)");
        assertThat(output).doesNotContain("fcm");
    }

    @Test
    void refusedCredentialsAreTroubleBeforeThereIsAPush() {
        fcm.prepares(Mono.just(new CredentialsRefused("invalid_grant", true)));

        preparation.start();

        var health = new ProvidersHealthIndicator(senders).health();
        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails())
                .containsEntry("fcm", "credentials refused: invalid_grant")
                .containsEntry("apns", "up");
    }

    @Test
    void aBugIsLoggedAndHoldsNothingUp(CapturedOutput output) {
        fcm.prepares(Mono.error(new IllegalStateException("a bug")));

        preparation.start();

        assertThat(output).contains("fcm was not prepared").contains("a bug");
    }
}
