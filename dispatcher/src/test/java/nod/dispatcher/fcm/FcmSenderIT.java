package nod.dispatcher.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import nod.dispatcher.push.PushAddress;
import nod.dispatcher.push.PushResult.Accepted;
import nod.dispatcher.push.PushResult.CredentialsRefused;
import nod.dispatcher.push.PushResult.Rejected;
import nod.dispatcher.push.PushResult.TryAgain;
import nod.dispatcher.push.PushSender;
import nod.dispatcher.push.PushSenderContract;
import nod.dispatcher.push.Simulated;
import nod.dispatcher.seal.HpkeSealing;
import nod.dispatcher.settings.Trust;
import nod.simulators.Simulators;
import nod.simulators.fault.Fault;
import nod.simulators.fault.FcmErrorCode;
import nod.simulators.fault.Provider;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FcmSenderIT extends PushSenderContract {

    private FcmSender sender;

    private FcmSender sender(Path serviceAccount, URI endpoint) throws IOException {
        return FcmSender.create(
                new FcmSettings(
                        serviceAccount,
                        endpoint,
                        Trust.in(simulators().certificateAuthorityFile()).tls(),
                        TIMEOUT,
                        200),
                new HpkeSealing(),
                Clock.systemUTC());
    }

    @BeforeAll
    void open() throws IOException {
        sender = sender(simulators().fcmServiceAccountFile(), simulators().fcmBaseUri());
    }

    @AfterAll
    void close() throws IOException {
        sender.close();
    }

    @Override
    protected PushSender sender() {
        return sender;
    }

    @Override
    protected Simulators simulators() {
        return Simulated.providers();
    }

    @Override
    protected Provider provider() {
        return Provider.FCM;
    }

    @Override
    protected PushAddress freshAddress() {
        return PushAddress.of("token-" + UUID.randomUUID(), "android");
    }

    @Override
    protected Fault deadKey() {
        return new Fault.FcmError(FcmErrorCode.UNREGISTERED);
    }

    @Override
    protected Fault badPush() {
        return new Fault.FcmError(FcmErrorCode.INVALID_ARGUMENT);
    }

    @Test
    void aMalformedKeyIsDeadAsWell() {
        var address = PushAddress.of("not a token", "android");

        assertThat(send(address)).isEqualTo(Rejected.key("INVALID_ARGUMENT", null));
    }

    @Test
    void aKeyOfAnotherProjectIsNotDead() {
        assertThat(sendDuring(new Fault.FcmError(FcmErrorCode.SENDER_ID_MISMATCH)))
                .isEqualTo(Rejected.push("SENDER_ID_MISMATCH"));
    }

    @Test
    void retryAfterIsHeard() {
        var wait = Duration.ofSeconds(7);

        assertThat(sendDuring(new Fault.TooManyRequests(wait)))
                .isEqualTo(TryAgain.patience("QUOTA_EXCEEDED", wait));
        assertThat(sendDuring(new Fault.ServerError(503, wait)))
                .isEqualTo(TryAgain.outage("UNAVAILABLE", wait));
        assertThat(sendDuring(new Fault.ServerError(500, wait)))
                .isInstanceOfSatisfying(
                        TryAgain.class, again -> assertThat(again.retryAfter()).isEqualTo(wait));
    }

    @Test
    void aQuotaWithoutAWaitMeansAMinute() {
        assertThat(sendDuring(new Fault.TooManyRequests(null)))
                .isEqualTo(TryAgain.patience("QUOTA_EXCEEDED", Duration.ofMinutes(1)));
    }

    @Test
    void firebasesOwnTroubleWithAppleIsNotEverybodys() {
        assertThat(sendDuring(new Fault.FcmError(FcmErrorCode.THIRD_PARTY_AUTH_ERROR)))
                .isEqualTo(new CredentialsRefused("THIRD_PARTY_AUTH_ERROR", false));
    }

    @Test
    void anExpiredAccessTokenIsFetchedAnewWithoutAWord() {
        assertThat(send(freshAddress())).isInstanceOf(Accepted.class);
        simulators().revokeFcmAccessTokens();

        assertThat(send(freshAddress())).isInstanceOf(Accepted.class);
    }

    @Test
    void anUnknownServiceAccountIsRefused(@TempDir Path folder) throws IOException {
        var text = Files.readString(simulators().fcmServiceAccountFile());
        var stranger = folder.resolve("stranger.json");
        Files.writeString(stranger, text.replace("nod@", "stranger@"));

        try (var refused = sender(stranger, simulators().fcmBaseUri())) {
            assertThat(refused.send(push(freshAddress(), Duration.ofSeconds(5))).block())
                    .isInstanceOf(CredentialsRefused.class);
        }
    }

    @Test
    void nobodyThereMayBeTriedAgain() throws IOException {
        var nobody = URI.create("https://localhost:1");

        try (var lonely = sender(simulators().fcmServiceAccountFile(), nobody)) {
            assertThat(lonely.send(push(freshAddress(), Duration.ofSeconds(5))).block())
                    .isEqualTo(TryAgain.outage("no_connection", null));
        }
    }

    @Test
    void arrivesAsTheContractSaysOverHttp2() {
        var address = freshAddress();
        var push = push(address, Duration.ofMillis(33_900));

        assertThat(send(push)).isInstanceOf(Accepted.class);

        var received = simulators().inbox(provider()).received(address.key()).getFirst();
        assertThat(received.request().protocol()).isEqualTo("HTTP/2.0");
        var message = JsonMapper.builder().build().readTree(received.text()).path("message");
        assertThat(message.path("token").stringValue()).isEqualTo(address.key());
        assertThat(message.path("android").path("ttl").stringValue()).isEqualTo("33s");
        assertThat(message.path("android").path("priority").stringValue()).isEqualTo("high");
        assertThat(message.path("data").path("tx_id").stringValue())
                .isEqualTo(prompt(push).txId().toString());
    }
}
