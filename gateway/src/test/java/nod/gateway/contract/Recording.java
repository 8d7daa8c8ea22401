package nod.gateway.contract;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/** Hands a response on to the caller's handler and checks it when it is complete. */
final class Recording<T> implements BodyHandler<T> {

    private final HttpRequest request;
    private final BodyHandler<T> handler;
    private final Contract contract;
    private volatile @Nullable ContractViolation violation;

    Recording(HttpRequest request, BodyHandler<T> handler, Contract contract) {
        this.request = request;
        this.handler = handler;
        this.contract = contract;
    }

    /** Throws what was found until now. */
    void failIfViolated() {
        var found = violation;
        if (found != null) {
            throw found;
        }
    }

    @Override
    public BodySubscriber<T> apply(ResponseInfo info) {
        var subscriber = handler.apply(info);
        if (Exchange.isStream(request.method(), CheckedHttpClient.headers(info.headers()))) {
            check(info, null);
            return subscriber;
        }
        return new Copying(info, subscriber);
    }

    private void check(ResponseInfo info, byte @Nullable [] body) {
        violation =
                contract.check(
                                new Exchange(
                                        request.method(),
                                        request.uri(),
                                        CheckedHttpClient.headers(request.headers()),
                                        request.bodyPublisher()
                                                .map(Recording::bytes)
                                                .orElse(new byte[0]),
                                        info.statusCode(),
                                        CheckedHttpClient.headers(info.headers()),
                                        body))
                        .orElse(null);
    }

    /** What it publishes: to a second subscriber, which the publishers of texts and bytes allow. */
    private static byte[] bytes(BodyPublisher publisher) {
        var bytes = BodySubscribers.ofByteArray();
        publisher.subscribe(
                new Flow.Subscriber<>() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        bytes.onSubscribe(subscription);
                    }

                    @Override
                    public void onNext(ByteBuffer item) {
                        bytes.onNext(List.of(item));
                    }

                    @Override
                    public void onError(Throwable failure) {
                        bytes.onError(failure);
                    }

                    @Override
                    public void onComplete() {
                        bytes.onComplete();
                    }
                });
        return bytes.getBody().toCompletableFuture().join();
    }

    private final class Copying implements BodySubscriber<T> {

        private final ResponseInfo info;
        private final BodySubscriber<T> subscriber;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Copying(ResponseInfo info, BodySubscriber<T> subscriber) {
            this.info = info;
            this.subscriber = subscriber;
        }

        @Override
        public CompletionStage<T> getBody() {
            return subscriber.getBody();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(subscription);
        }

        @Override
        public void onNext(List<ByteBuffer> items) {
            for (var item : items) {
                var bytes = new byte[item.remaining()];
                item.duplicate().get(bytes);
                body.writeBytes(bytes);
            }
            subscriber.onNext(items);
        }

        @Override
        public void onError(Throwable failure) {
            subscriber.onError(failure);
        }

        @Override
        public void onComplete() {
            // Before the caller's body is complete: its thread looks for the violation then.
            check(info, body.toByteArray());
            subscriber.onComplete();
        }
    }
}
