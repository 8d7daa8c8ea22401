package nod.dispatcher.push;

import static org.assertj.core.api.Assertions.assertThat;

import nod.dispatcher.push.PushResult.Accepted;
import nod.dispatcher.push.PushResult.CredentialsRefused;
import nod.dispatcher.push.PushResult.Rejected;
import nod.dispatcher.push.PushResult.TryAgain;
import nod.dispatcher.push.PushResult.Unsealable;
import nod.simulators.Simulators;
import nod.simulators.fault.Fault;
import nod.simulators.fault.Provider;
import nod.simulators.phone.EncryptionKey;

import org.junit.jupiter.api.Test;

import reactor.core.publisher.Flux;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * What every sender does, shown on its real SDK against the provider's simulator. The sender's own
 * timeout is {@link #TIMEOUT}.
 */
public abstract class PushSenderContract {

    protected static final Duration TIMEOUT = Duration.ofMillis(1500);

    private static final Duration LEFT = Duration.ofSeconds(50);

    protected abstract PushSender sender();

    protected abstract Simulators simulators();

    protected abstract Provider provider();

    /** A key that nobody has used yet. */
    protected abstract PushAddress freshAddress();

    /** The provider's word for a dead key. */
    protected abstract Fault deadKey();

    /** The provider's word for a push that it does not like. */
    protected abstract Fault badPush();

    protected final Push push(PushAddress address, Duration left) {
        var small = Prompts.small();
        var prompt =
                new MobilePrompt(
                        UUID.randomUUID(),
                        small.device(),
                        small.title(),
                        small.body(),
                        small.mode(),
                        small.items(),
                        small.context(),
                        Clock.systemUTC().instant().plus(left).truncatedTo(ChronoUnit.MICROS));
        return new Push(address, prompt, left);
    }

    /** What the push of {@link #push} asks. */
    protected static MobilePrompt prompt(Push push) {
        return (MobilePrompt) push.content();
    }

    protected final PushResult send(PushAddress address) {
        return send(push(address, LEFT));
    }

    protected final PushResult send(Push push) {
        return Objects.requireNonNull(sender().send(push).block(Duration.ofSeconds(20)));
    }

    protected final PushResult sendDuring(Fault fault) {
        var address = freshAddress();
        simulators().faults().set(provider(), address.key(), fault);
        return send(address);
    }

    @Test
    void isAcceptedOnce() {
        var address = freshAddress();

        assertThat(send(address)).isInstanceOf(Accepted.class);
        assertThat(simulators().inbox(provider()).received(address.key())).hasSize(1);
    }

    @Test
    void whatOnlyInformsIsAcceptedLikewise() {
        var address = freshAddress();
        var left = Duration.ofMinutes(5);
        var notice =
                new DeviceAdded(UUID.randomUUID(), "phone", Clock.systemUTC().instant().plus(left));

        assertThat(send(new Push(address, notice, left))).isInstanceOf(Accepted.class);
        assertThat(simulators().inbox(provider()).received(address.key()).getFirst().text())
                .contains(notice.title())
                .doesNotContain("tx_id");
    }

    @Test
    void whatIsSealedIsAcceptedAndReadByThePhoneAlone() {
        var address = freshAddress();
        var key = EncryptionKey.generate();
        var open = push(address, LEFT);
        var secret = Prompts.secret(prompt(open), key.publicKey());

        assertThat(send(new Push(address, secret, LEFT))).isInstanceOf(Accepted.class);

        var text = simulators().inbox(provider()).received(address.key()).getFirst().text();
        assertThat(text)
                .contains("\"tx_id\"", "\"device\"", "\"expires\"", "\"sealed\"")
                .doesNotContain(prompt(open).body(), "items", "\"12\"", "mode", "context");
        var sealed = text.replaceAll("(?s).*\"sealed\":\"([^\"]+)\".*", "$1");
        assertThat(key.open(prompt(open).txId(), sealed))
                .isEqualTo(new String(prompt(open).json(), StandardCharsets.UTF_8));
    }

    @Test
    void whatCanNotBeSealedIsNotSentAtAll() {
        var address = freshAddress();
        var secret = Prompts.secret(Prompts.small(), new byte[32]);

        assertThat(send(new Push(address, secret, LEFT))).isEqualTo(new Unsealable());
        assertThat(simulators().inbox(provider()).received(address.key())).isEmpty();
    }

    @Test
    void sendsNothingBeforeTheSubscription() {
        var address = freshAddress();
        var unused = sender().send(push(address, LEFT));

        assertThat(unused).isNotNull();
        assertThat(simulators().inbox(provider()).received(address.key())).isEmpty();
    }

    @Test
    void aDeadKeyIsToldFromAPushThatIsRefused() {
        assertThat(sendDuring(deadKey()))
                .isInstanceOfSatisfying(Rejected.class, no -> assertThat(no.deadKey()).isTrue());
        assertThat(sendDuring(badPush()))
                .isInstanceOfSatisfying(Rejected.class, no -> assertThat(no.deadKey()).isFalse());
    }

    @Test
    void aFailureOfTheProviderMayBeTriedAgainAndIsNotTriedByTheSdk() {
        for (int status : List.of(500, 502, 503)) {
            var address = freshAddress();
            simulators().faults().set(provider(), address.key(), new Fault.ServerError(status), 1);

            assertThat(send(address))
                    .isInstanceOfSatisfying(
                            TryAgain.class,
                            again -> assertThat(again.kind()).isEqualTo(TryAgain.Kind.OUTAGE));
            assertThat(simulators().inbox(provider()).received(address.key())).hasSize(1);
            assertThat(send(address)).isInstanceOf(Accepted.class);
        }
    }

    @Test
    void tooManyRequestsAskForPatience() {
        assertThat(sendDuring(new Fault.TooManyRequests(null)))
                .isInstanceOfSatisfying(
                        TryAgain.class,
                        again -> assertThat(again.kind()).isEqualTo(TryAgain.Kind.PATIENCE));
    }

    @Test
    void aClosedConnectionMayBeTriedAgain() {
        var address = freshAddress();
        simulators().faults().set(provider(), address.key(), new Fault.ConnectionClosed(), 1);

        assertThat(send(address))
                .isInstanceOfSatisfying(
                        TryAgain.class,
                        again -> assertThat(again.kind()).isEqualTo(TryAgain.Kind.OUTAGE));
        assertThat(send(address)).isInstanceOf(Accepted.class);
    }

    @Test
    void noAnswerEndsWithTheTimeout() {
        var address = freshAddress();
        simulators().faults().set(provider(), address.key(), new Fault.NoAnswer(), 1);

        assertThat(send(address)).isEqualTo(TryAgain.outage("timeout", null));
        assertThat(send(address)).isInstanceOf(Accepted.class);
    }

    @Test
    void aSlowAnswerIsWaitedForNoLongerThanThePushLives() {
        var address = freshAddress();
        simulators()
                .faults()
                .set(provider(), address.key(), new Fault.Delay(Duration.ofSeconds(10)));
        long began = System.nanoTime();

        assertThat(send(push(address, Duration.ofMillis(300))))
                .isEqualTo(TryAgain.outage("timeout", null));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(TIMEOUT);
    }

    @Test
    void manyUnansweredPushesDoNotBlockTheOthers() {
        var silent = IntStream.range(0, 150).mapToObj(_ -> freshAddress()).toList();
        silent.forEach(
                address ->
                        simulators()
                                .faults()
                                .set(provider(), address.key(), new Fault.NoAnswer(), 1));

        var results =
                Flux.fromIterable(silent)
                        .flatMap(address -> sender().send(push(address, LEFT)), 150)
                        .collectList()
                        .block(Duration.ofSeconds(20));

        assertThat(results).hasSize(150).allMatch(TryAgain.class::isInstance);
        assertThat(send(freshAddress())).isInstanceOf(Accepted.class);
    }

    @Test
    void refusedCredentialsAreNobodysDeadKey() {
        simulators().faults().set(provider(), new Fault.CredentialsRefused());
        try {
            assertThat(send(freshAddress()))
                    .isInstanceOfSatisfying(
                            CredentialsRefused.class, no -> assertThat(no.everyPush()).isTrue());
        } finally {
            simulators().faults().clearAll();
        }
        assertThat(send(freshAddress())).isInstanceOf(Accepted.class);
    }
}
