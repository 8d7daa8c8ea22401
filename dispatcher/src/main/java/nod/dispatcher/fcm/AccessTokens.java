package nod.dispatcher.fcm;

import com.google.auth.RequestMetadataCallback;
import com.google.auth.oauth2.GoogleCredentials;

import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * The access tokens of a service account, by Google's library. It fetches one for all who wait for
 * it, and the next one some minutes before the old one ends, which serves meanwhile. Fetching
 * blocks threads of its own, never the caller's. Thread-safe.
 */
final class AccessTokens {

    private static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";

    private final GoogleCredentials credentials;
    private final Executor threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("fcm-token").factory());

    AccessTokens(GoogleCredentials account) {
        this.credentials = account.createScoped(SCOPE);
    }

    /**
     * The headers that stand for the account, the token among them.
     *
     * @return fails as the token endpoint does; the next one who asks tries again
     */
    Mono<Map<String, List<String>>> headers() {
        return Mono.create(
                sink -> credentials.getRequestMetadata(FcmSettings.FCM, threads, new Told(sink)));
    }

    /**
     * Headers other than those that were refused: of a token fetched anew, but only if nobody else
     * has done that meanwhile.
     */
    Mono<Map<String, List<String>>> otherThan(Map<String, List<String>> refused) {
        return headers()
                .flatMap(current -> current.equals(refused) ? fetched() : Mono.just(current));
    }

    private Mono<Map<String, List<String>>> fetched() {
        return Mono.create(sink -> threads.execute(() -> fetch(sink)));
    }

    /** Who fetches at the same time gets the same one. */
    private void fetch(MonoSink<Map<String, List<String>>> sink) {
        try {
            credentials.refresh();
            sink.success(credentials.getRequestMetadata(FcmSettings.FCM));
        } catch (IOException | RuntimeException failure) {
            sink.error(failure);
        }
    }

    private record Told(MonoSink<Map<String, List<String>>> sink)
            implements RequestMetadataCallback {

        @Override
        public void onSuccess(Map<String, List<String>> headers) {
            sink.success(headers);
        }

        @Override
        public void onFailure(Throwable failure) {
            sink.error(failure);
        }
    }
}
