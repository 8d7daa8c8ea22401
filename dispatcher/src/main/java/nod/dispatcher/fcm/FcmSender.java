package nod.dispatcher.fcm;

import com.google.api.client.json.JsonFactory;
import com.google.api.client.json.gson.GsonFactory;
import com.google.firebase.messaging.Message;

import nod.dispatcher.push.PromptSealing;
import nod.dispatcher.push.Push;
import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.Accepted;
import nod.dispatcher.push.PushResult.TryAgain;
import nod.dispatcher.push.PushResult.Unsealable;
import nod.dispatcher.push.PushSender;
import nod.schemas.event.Provider;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/** Makes FCM's message of a push and sends it, by the client that the settings choose. */
public final class FcmSender implements PushSender, AutoCloseable {

    /** For FCM to look at, not to send. */
    private static final Message PROBE = Message.builder().setTopic("nobody").build();

    private final FcmMessages messages;
    private final FcmClient client;
    private final int connections;
    private final Duration timeout;

    private FcmSender(FcmMessages messages, FcmClient client, FcmSettings settings) {
        this.messages = messages;
        this.client = client;
        this.connections = settings.connections();
        this.timeout = settings.timeout();
    }

    /**
     * Reads the service account; does not call FCM yet.
     *
     * @throws IOException when the file isn't a service account's
     */
    public static FcmSender create(FcmSettings settings, PromptSealing sealing, Clock clock)
            throws IOException {
        // What firebase-admin takes by itself: both clients write the same text.
        var json = GsonFactory.getDefaultInstance();
        return new FcmSender(
                new FcmMessages(json, sealing), client(settings, json, clock), settings);
    }

    private static FcmClient client(FcmSettings settings, JsonFactory json, Clock clock)
            throws IOException {
        return switch (settings.client()) {
            case FIREBASE_ADMIN -> new FirebaseAdminClient(settings, json, clock);
            case HTTP2 -> new Http2Client(settings, json, clock);
        };
    }

    @Override
    public Provider provider() {
        return Provider.FCM;
    }

    /**
     * So many at once that firebase-admin opens each connection, for a call takes the one with the
     * fewest. The other client may open one alone.
     */
    @Override
    public Mono<PushResult> prepare() {
        return Flux.range(0, connections)
                .flatMap(_ -> client.validate(PROBE), connections)
                .filter(result -> !(result instanceof Accepted))
                .next()
                .timeout(timeout, Mono.just(TryAgain.outage("timeout", null)));
    }

    @Override
    public Mono<PushResult> send(Push push) {
        var patience = timeout.compareTo(push.left()) < 0 ? timeout : push.left();
        return Mono.defer(() -> sendNow(push))
                .timeout(patience, Mono.just(TryAgain.outage("timeout", null)));
    }

    private Mono<PushResult> sendNow(Push push) {
        return messages.of(push).map(client::send).orElseGet(() -> Mono.just(new Unsealable()));
    }

    /** Pushes in flight fail. */
    @Override
    public void close() throws IOException {
        client.close();
    }
}
