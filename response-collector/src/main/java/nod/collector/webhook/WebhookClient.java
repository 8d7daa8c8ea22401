package nod.collector.webhook;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

import nod.collector.CollectorSettings.Webhook;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/** Posts to one endpoint. Thread-safe. */
final class WebhookClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /**
     * Shorter than servers keep idle connections: one that they close as it is used is a failure.
     */
    private static final Duration MAX_IDLE = Duration.ofSeconds(3);

    /** Of a body no more is read than lets the connection be used again. */
    private static final int MAX_BODY = 16 * 1024;

    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(1);

    private static final int MAX_CAUSE = 200;

    private final Webhook webhook;
    private final ConnectionProvider connections;
    private final HttpClient client;

    WebhookClient(String name, Webhook webhook, NameLookup names, Scheduler blocking) {
        this.webhook = webhook;
        this.connections =
                ConnectionProvider.builder("webhook-" + name)
                        .maxConnections(webhook.maxInFlight())
                        .maxIdleTime(MAX_IDLE)
                        .build();
        this.client = client(connections, webhook, names, blocking);
    }

    /** Nothing is tried twice here: a try is one request. */
    private static HttpClient client(
            ConnectionProvider connections, Webhook webhook, NameLookup names, Scheduler blocking) {
        var client =
                HttpClient.create(connections)
                        .followRedirect(false)
                        .disableRetry(true)
                        .option(
                                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                                (int) CONNECT_TIMEOUT.toMillis());
        return webhook.allowPrivateAddresses()
                ? client
                : client.resolver(new CheckedAddresses(names, blocking));
    }

    /** Tries once. Never fails, and never takes longer than the endpoint's time-out. */
    Mono<Answer> post(Attempt attempt) {
        return client.headers(headers -> describe(headers, attempt))
                .post()
                .uri(webhook.url())
                .send(ByteBufFlux.fromString(Mono.just(attempt.body())))
                .response(
                        (response, body) -> {
                            var answer =
                                    status(
                                            response.status().code(),
                                            response.responseHeaders(),
                                            attempt);
                            return drained(body).then(Mono.just(answer));
                        })
                .single()
                .timeout(webhook.timeout())
                .onErrorResume(failure -> Mono.just(new Answer.Nothing(cause(failure))));
    }

    private void describe(HttpHeaders headers, Attempt attempt) {
        headers.set(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .set(HttpHeaderNames.USER_AGENT, "nod")
                .set("webhook-id", attempt.event().toString())
                .set("webhook-timestamp", Long.toString(attempt.at()))
                .set("webhook-signature", attempt.signatures(webhook.secrets()));
    }

    private static Answer status(int code, HttpHeaders headers, Attempt attempt) {
        return new Answer.Status(
                code,
                RetryAfter.of(
                        headers.get(HttpHeaderNames.RETRY_AFTER),
                        headers.get(HttpHeaderNames.DATE),
                        Instant.ofEpochSecond(attempt.at())));
    }

    /**
     * The head has said all that matters. A body that has no end, or is slow, costs its connection
     * and nothing else.
     */
    private static Flux<Integer> drained(ByteBufFlux body) {
        return body.map(ByteBuf::readableBytes)
                .scan(Integer::sum)
                .takeUntil(read -> read > MAX_BODY)
                .take(BODY_TIMEOUT)
                .onErrorComplete();
    }

    private String cause(Throwable failure) {
        if (failure instanceof TimeoutException) {
            return "no answer within " + webhook.timeout().toMillis() + " ms";
        }
        var cause = Objects.requireNonNullElse(failure.getCause(), failure);
        var text = cause.getClass().getSimpleName() + ": " + cause.getMessage();
        return text.substring(0, Math.min(text.length(), MAX_CAUSE));
    }

    /** Closes its connections. */
    void close() {
        connections.dispose();
    }
}
