package nod.dispatcher.fcm;

import com.google.api.client.http.HttpTransport;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.firebase.FirebaseApp;
import com.google.firebase.FirebaseOptions;
import com.google.firebase.messaging.FirebaseMessaging;
import com.google.firebase.messaging.FirebaseMessagingException;
import com.google.firebase.messaging.Message;

import nod.dispatcher.push.PromptSealing;
import nod.dispatcher.push.Push;
import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.Accepted;
import nod.dispatcher.push.PushResult.TryAgain;
import nod.dispatcher.push.PushResult.Unsealable;
import nod.dispatcher.push.PushSender;
import nod.schemas.event.Provider;

import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/**
 * Sends through firebase-admin. The SDK blocks a thread for each push: here a virtual one, and only
 * as many as are let in flight by who calls. Its own retries are off, save one when FCM no longer
 * knows the access token, which it then fetches anew.
 */
public final class FcmSender implements PushSender, AutoCloseable {

    private final FirebaseApp app;
    private final FirebaseMessaging messaging;
    private final FcmMessages messages;
    private final HttpTransport transport;
    private final Duration timeout;
    private final Clock clock;

    private FcmSender(
            FirebaseApp app,
            FcmMessages messages,
            HttpTransport transport,
            Duration timeout,
            Clock clock) {
        this.app = app;
        this.messaging = FirebaseMessaging.getInstance(app);
        this.messages = messages;
        this.transport = transport;
        this.timeout = timeout;
        this.clock = clock;
    }

    /**
     * Reads the service account; does not call FCM yet.
     *
     * @throws IOException when the file isn't a service account's
     */
    public static FcmSender create(FcmSettings settings, PromptSealing sealing, Clock clock)
            throws IOException {
        var transport =
                new JdkHttpTransport(
                        settings.maxInFlight(),
                        settings.timeout(),
                        settings.tls(),
                        uri -> redirected(uri, settings.endpoint()));
        var options =
                FirebaseOptions.builder()
                        .setCredentials(credentials(settings.serviceAccount(), transport))
                        .setHttpTransport(transport)
                        .build();
        // Apps are kept by name for the whole JVM, in which several dispatchers may run.
        var app = FirebaseApp.initializeApp(options, "nod-" + UUID.randomUUID());
        var messages = new FcmMessages(options.getJsonFactory(), sealing);
        return new FcmSender(app, messages, transport, settings.timeout(), clock);
    }

    private static GoogleCredentials credentials(Path file, HttpTransport transport)
            throws IOException {
        try (var json = Files.newInputStream(file)) {
            var account = ServiceAccountCredentials.fromStream(json, () -> transport);
            if (account.getProjectId() == null) {
                // The SDK would miss it at the first push only.
                throw new IOException("no project_id in " + file);
            }
            return account.createWithCustomRetryStrategy(false);
        }
    }

    private static URI redirected(URI uri, URI endpoint) {
        return FcmSettings.FCM.getHost().equals(uri.getHost())
                ? endpoint.resolve(uri.getRawPath())
                : uri;
    }

    @Override
    public Provider provider() {
        return Provider.FCM;
    }

    @Override
    public Mono<PushResult> send(Push push) {
        var patience = timeout.compareTo(push.left()) < 0 ? timeout : push.left();
        return Mono.<PushResult>create(
                        sink ->
                                messages.of(push)
                                        .ifPresentOrElse(
                                                message -> sendOnItsOwnThread(message, sink),
                                                () -> sink.success(new Unsealable())))
                .timeout(patience, Mono.just(TryAgain.outage("timeout", null)));
    }

    private void sendOnItsOwnThread(Message message, MonoSink<PushResult> sink) {
        var thread = Thread.ofVirtual().name("fcm-send").start(() -> send(message, sink));
        sink.onCancel(thread::interrupt);
    }

    private void send(Message message, MonoSink<PushResult> sink) {
        try {
            sink.success(new Accepted(messaging.send(message)));
        } catch (FirebaseMessagingException failure) {
            sink.success(FcmErrors.resultOf(failure, clock.instant()));
        } catch (RuntimeException failure) {
            sink.error(failure);
        }
    }

    /** Pushes in flight fail. */
    @Override
    public void close() throws IOException {
        app.delete();
        transport.shutdown();
    }
}
