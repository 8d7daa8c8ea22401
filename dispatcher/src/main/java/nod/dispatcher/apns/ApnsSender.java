package nod.dispatcher.apns;

import com.eatthepath.pushy.apns.ApnsClient;
import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.DeliveryPriority;
import com.eatthepath.pushy.apns.PushNotificationResponse;
import com.eatthepath.pushy.apns.PushType;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import com.eatthepath.pushy.apns.util.SimpleApnsPushNotification;

import nod.dispatcher.push.DeviceAdded;
import nod.dispatcher.push.MobilePrompt;
import nod.dispatcher.push.PromptSealing;
import nod.dispatcher.push.PromptToSeal;
import nod.dispatcher.push.Push;
import nod.dispatcher.push.PushAddress.ApnsDeviceToken;
import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.Accepted;
import nod.dispatcher.push.PushResult.TryAgain;
import nod.dispatcher.push.PushResult.Unsealable;
import nod.dispatcher.push.PushSender;
import nod.schemas.event.Provider;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.Mono;

import java.io.IOException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Sends through pushy, with token authentication. pushy queues without bound and waits without end:
 * who calls bounds how many are in flight, and every push has a timeout here.
 */
public final class ApnsSender implements PushSender, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ApnsSender.class);

    /** Two, so that a connection which Apple closes does not hold up every push. */
    private static final int CONNECTIONS = 2;

    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    private final ApnsClient client;
    private final String topic;
    private final PromptSealing sealing;
    private final Duration timeout;

    private ApnsSender(ApnsClient client, String topic, PromptSealing sealing, Duration timeout) {
        this.client = client;
        this.topic = topic;
        this.sealing = sealing;
        this.timeout = timeout;
    }

    /**
     * Reads the signing key; does not connect yet. pushy brings its own event loop: it takes only
     * classes of Netty that Netty itself no longer recommends.
     *
     * @throws IOException when the file isn't a signing key
     * @throws InvalidKeyException when the file holds a key of another kind
     */
    public static ApnsSender create(ApnsSettings settings, PromptSealing sealing)
            throws IOException, InvalidKeyException, NoSuchAlgorithmException {
        var builder =
                new ApnsClientBuilder()
                        .setApnsServer(settings.host(), settings.port())
                        .setSigningKey(
                                ApnsSigningKey.loadFromPkcs8File(
                                        settings.signingKey().toFile(),
                                        settings.teamId(),
                                        settings.keyId()))
                        .setConcurrentConnections(CONNECTIONS)
                        .setConnectionTimeout(settings.timeout())
                        .setGracefulShutdownTimeout(SHUTDOWN);
        if (!settings.trusted().isEmpty()) {
            builder.setTrustedServerCertificateChain(
                    settings.trusted().toArray(X509Certificate[]::new));
        }
        return new ApnsSender(builder.build(), settings.topic(), sealing, settings.timeout());
    }

    @Override
    public Provider provider() {
        return Provider.APNS;
    }

    @Override
    public Mono<PushResult> send(Push push) {
        var patience = timeout.compareTo(push.left()) < 0 ? timeout : push.left();
        return Mono.fromFuture(() -> sendNow(push), true)
                .timeout(patience, Mono.just(TryAgain.outage("timeout", null)));
    }

    private CompletableFuture<PushResult> sendNow(Push push) {
        return notification(push)
                .map(this::sendNow)
                .orElseGet(() -> CompletableFuture.completedFuture(new Unsealable()));
    }

    private CompletableFuture<PushResult> sendNow(SimpleApnsPushNotification notification) {
        return client.sendNotification(notification)
                .handle(
                        (response, failure) ->
                                response == null ? unanswered(failure) : resultOf(response));
    }

    /** Nothing where it can't be sealed for its phone. */
    private Optional<SimpleApnsPushNotification> notification(Push push) {
        if (!(push.address() instanceof ApnsDeviceToken(var token))) {
            throw new IllegalArgumentException("address: FCM's, expected an APNs device token");
        }
        return switch (push.content()) {
            case MobilePrompt prompt -> Optional.of(asking(token, prompt, ApnsPayloads.of(prompt)));
            case PromptToSeal secret ->
                    sealing.seal(ApnsPayloads.shortened(secret))
                            .map(ApnsPayloads::of)
                            .map(payload -> asking(token, secret.prompt(), payload));
            case DeviceAdded added -> Optional.of(informing(token, added));
        };
    }

    private SimpleApnsPushNotification asking(String token, MobilePrompt prompt, String payload) {
        return new SimpleApnsPushNotification(
                token,
                topic,
                payload,
                prompt.expires(),
                DeliveryPriority.IMMEDIATE,
                PushType.ALERT,
                prompt.txId().toString());
    }

    /** Shown when the phone likes, for nobody waits for it. */
    private SimpleApnsPushNotification informing(String token, DeviceAdded added) {
        return new SimpleApnsPushNotification(
                token,
                topic,
                ApnsPayloads.of(added),
                added.expires(),
                DeliveryPriority.CONSERVE_POWER,
                PushType.ALERT,
                added.added().toString());
    }

    private static PushResult resultOf(
            PushNotificationResponse<SimpleApnsPushNotification> response) {
        return response.isAccepted()
                ? new Accepted(Objects.toString(response.getApnsId(), "unknown"))
                : ApnsErrors.resultOf(
                        response.getStatusCode(),
                        response.getRejectionReason().orElse(null),
                        response.getTokenInvalidationTimestamp().orElse(null));
    }

    /** pushy's contract: a push that failed this way may be sent again. */
    private static PushResult unanswered(Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        log.debug("APNs could not be asked", cause);
        return TryAgain.outage("connection_failed", null);
    }

    /** Pushes in flight get two seconds. */
    @Override
    public void close() {
        client.close().join();
    }
}
