package nod.simulators.sdk;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushNotificationResponse;
import com.eatthepath.pushy.apns.PushType;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import com.eatthepath.pushy.apns.util.SimpleApnsPushNotification;
import com.eatthepath.pushy.apns.util.concurrent.PushNotificationFuture;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;

import nod.simulators.Simulators;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** pushy, told to find APNs at the simulator. */
public final class PushyClient implements AutoCloseable {

    // Shared and never ended: pushy's own group takes two seconds to end.
    @SuppressWarnings("deprecation") // pushy knows no other kind of group
    private static final EventLoopGroup LOOPS =
            new NioEventLoopGroup(2, new DefaultThreadFactory("pushy", true));

    private final ApnsClient client;
    private final String topic;

    private PushyClient(ApnsClient client, String topic) {
        this.client = client;
        this.topic = topic;
    }

    /** With the credentials that the simulators wrote. */
    public static PushyClient of(Simulators simulators) throws Exception {
        return of(
                simulators,
                simulators.apnsSigningKeyFile(),
                simulators.config().apnsTeamId(),
                simulators.config().apnsKeyId());
    }

    /** With other credentials. */
    public static PushyClient of(
            Simulators simulators, Path signingKey, String teamId, String keyId)
            throws IOException, GeneralSecurityException {
        ApnsClient client =
                new ApnsClientBuilder()
                        .setEventLoopGroup(LOOPS)
                        .setApnsServer(simulators.apnsHost(), simulators.apnsPort())
                        .setTrustedServerCertificateChain(
                                simulators.certificateAuthorityFile().toFile())
                        .setSigningKey(
                                ApnsSigningKey.loadFromPkcs8File(
                                        signingKey.toFile(), teamId, keyId))
                        .build();
        return new PushyClient(client, simulators.config().apnsTopic());
    }

    /** Sends an alert and waits for the answer. */
    public PushNotificationResponse<SimpleApnsPushNotification> send(String token, String payload)
            throws InterruptedException, ExecutionException, TimeoutException {
        return begin(token, payload).get(10, TimeUnit.SECONDS);
    }

    /** Sends an alert to another topic and waits for the answer. */
    public PushNotificationResponse<SimpleApnsPushNotification> sendToTopic(
            String other, String token, String payload)
            throws InterruptedException, ExecutionException, TimeoutException {
        return client.sendNotification(alert(token, other, payload)).get(10, TimeUnit.SECONDS);
    }

    /** Sends an alert. */
    public PushNotificationFuture<
                    SimpleApnsPushNotification,
                    PushNotificationResponse<SimpleApnsPushNotification>>
            begin(String token, String payload) {
        return client.sendNotification(alert(token, topic, payload));
    }

    private static SimpleApnsPushNotification alert(String token, String topic, String payload) {
        return new SimpleApnsPushNotification(
                token,
                topic,
                payload,
                Instant.ofEpochSecond(1_900_000_000),
                DeliveryPriority.IMMEDIATE,
                PushType.ALERT,
                "collapse-1");
    }

    @Override
    public void close() {
        client.close().orTimeout(10, TimeUnit.SECONDS).join();
    }
}
