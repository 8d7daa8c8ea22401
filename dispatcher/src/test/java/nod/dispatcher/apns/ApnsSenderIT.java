package nod.dispatcher.apns;

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
import nod.simulators.fault.ApnsReason;
import nod.simulators.fault.Fault;
import nod.simulators.fault.Provider;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApnsSenderIT extends PushSenderContract {

    private ApnsSender sender;

    private ApnsSender sender(String teamId, int port) throws Exception {
        return ApnsSender.create(
                new ApnsSettings(
                        simulators().apnsHost(),
                        port,
                        simulators().config().apnsTopic(),
                        simulators().config().apnsKeyId(),
                        teamId,
                        simulators().apnsSigningKeyFile(),
                        Trust.in(simulators().certificateAuthorityFile()).certificates(),
                        TIMEOUT),
                new HpkeSealing());
    }

    @BeforeAll
    void open() throws Exception {
        sender = sender(simulators().config().apnsTeamId(), simulators().apnsPort());
    }

    @AfterAll
    void close() {
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
        return Provider.APNS;
    }

    @Override
    protected PushAddress freshAddress() {
        var id = UUID.randomUUID().toString().replace("-", "");
        return PushAddress.of(id + id, "ios");
    }

    @Override
    protected Fault deadKey() {
        return new Fault.ApnsRejection(ApnsReason.UNREGISTERED);
    }

    @Override
    protected Fault badPush() {
        return new Fault.ApnsRejection(ApnsReason.BAD_DEVICE_TOKEN);
    }

    @Test
    void aDeadKeyIsDeadSinceThen() {
        var since = Instant.parse("2026-02-03T04:05:06.789Z");

        assertThat(sendDuring(new Fault.ApnsRejection(ApnsReason.UNREGISTERED, since)))
                .isEqualTo(Rejected.key("Unregistered", since));
    }

    @Test
    void anExpiredProviderTokenIsMadeAnew() {
        assertThat(sendDuring(new Fault.ApnsRejection(ApnsReason.EXPIRED_PROVIDER_TOKEN)))
                .isEqualTo(new CredentialsRefused("ExpiredProviderToken", true));
        assertThat(send(freshAddress())).isInstanceOf(Accepted.class);
    }

    @Test
    void anUnknownTeamIsRefused() throws Exception {
        var stranger = sender("STRANGER00", simulators().apnsPort());
        try {
            assertThat(stranger.send(push(freshAddress(), Duration.ofSeconds(5))).block())
                    .isEqualTo(new CredentialsRefused("InvalidProviderToken", true));
        } finally {
            stranger.close();
        }
    }

    @Test
    void nobodyThereMayBeTriedAgain() throws Exception {
        var lonely = sender(simulators().config().apnsTeamId(), 1);
        try {
            assertThat(lonely.send(push(freshAddress(), Duration.ofSeconds(5))).block())
                    .isInstanceOf(TryAgain.class);
        } finally {
            lonely.close();
        }
    }

    @Test
    void arrivesAsTheContractSays() {
        var address = freshAddress();
        var push = push(address, Duration.ofSeconds(50));

        assertThat(send(push)).isInstanceOf(Accepted.class);

        var received = simulators().inbox(provider()).received(address.key()).getFirst();
        var request = received.request();
        assertThat(received.text()).isEqualTo(ApnsPayloads.of(prompt(push)));
        assertThat(request.header("apns-topic")).isEqualTo(simulators().config().apnsTopic());
        assertThat(request.header("apns-push-type")).isEqualTo("alert");
        assertThat(request.header("apns-priority")).isEqualTo("10");
        assertThat(request.header("apns-collapse-id")).isEqualTo(prompt(push).txId().toString());
        assertThat(request.header("apns-expiration"))
                .isEqualTo(
                        String.valueOf(
                                prompt(push)
                                        .expires()
                                        .truncatedTo(ChronoUnit.SECONDS)
                                        .getEpochSecond()));
    }
}
