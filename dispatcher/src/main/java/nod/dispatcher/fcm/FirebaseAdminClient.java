package nod.dispatcher.fcm;

import com.google.api.client.http.HttpTransport;
import com.google.api.client.json.JsonFactory;
import com.google.firebase.FirebaseApp;
import com.google.firebase.FirebaseOptions;
import com.google.firebase.messaging.FirebaseMessaging;
import com.google.firebase.messaging.FirebaseMessagingException;
import com.google.firebase.messaging.Message;

import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.Accepted;
import nod.dispatcher.push.PushResult.TryAgain;

import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.UUID;

/**
 * Sends through firebase-admin. The SDK blocks a thread for each push: here a virtual one, and only
 * as many as are let in flight by who calls. Its own retries are off, save one when FCM no longer
 * knows the access token, which it then fetches anew.
 */
final class FirebaseAdminClient implements FcmClient {

    private final FirebaseApp app;
    private final FirebaseMessaging messaging;
    private final HttpTransport transport;
    private final Clock clock;

    /**
     * Does not call FCM yet.
     *
     * @throws IOException when the file isn't a service account's
     */
    FirebaseAdminClient(FcmSettings settings, JsonFactory json, Clock clock) throws IOException {
        this.transport =
                new JdkHttpTransport(
                        settings.connections(),
                        settings.timeout(),
                        settings.tls(),
                        uri -> redirected(uri, settings.endpoint()));
        var options =
                FirebaseOptions.builder()
                        .setCredentials(
                                ServiceAccount.credentials(settings.serviceAccount(), transport))
                        .setHttpTransport(transport)
                        .setJsonFactory(json)
                        .build();
        // Apps are kept by name for the whole JVM, in which several dispatchers may run.
        this.app = FirebaseApp.initializeApp(options, "nod-" + UUID.randomUUID());
        this.messaging = FirebaseMessaging.getInstance(app);
        this.clock = clock;
    }

    private static URI redirected(URI uri, URI endpoint) {
        return FcmSettings.FCM.getHost().equals(uri.getHost())
                ? endpoint.resolve(uri.getRawPath())
                : uri;
    }

    @Override
    public Mono<PushResult> send(Message message) {
        return Mono.create(sink -> onItsOwnThread(message, false, sink));
    }

    @Override
    public Mono<PushResult> validate(Message message) {
        return Mono.create(sink -> onItsOwnThread(message, true, sink));
    }

    private void onItsOwnThread(Message message, boolean dryRun, MonoSink<PushResult> sink) {
        var thread = Thread.ofVirtual().name("fcm-send").start(() -> send(message, dryRun, sink));
        sink.onCancel(thread::interrupt);
    }

    private void send(Message message, boolean dryRun, MonoSink<PushResult> sink) {
        try {
            sink.success(new Accepted(messaging.send(message, dryRun)));
        } catch (FirebaseMessagingException failure) {
            sink.success(FcmErrors.resultOf(failure, clock.instant()));
        } catch (IllegalArgumentException unreadable) {
            // An error in JSON that is not Google's; its status is lost with it.
            sink.success(TryAgain.outage("unreadable_answer", null));
        } catch (RuntimeException failure) {
            sink.error(failure);
        }
    }

    @Override
    public void close() throws IOException {
        app.delete();
        transport.shutdown();
    }
}
