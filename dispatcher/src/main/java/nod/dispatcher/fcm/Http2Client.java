package nod.dispatcher.fcm;

import static io.netty.buffer.Unpooled.wrappedBuffer;

import com.google.api.client.json.JsonFactory;
import com.google.firebase.messaging.Message;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;

import nod.dispatcher.push.PushResult;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Speaks FCM's HTTP v1 itself, without a thread for each push: requests share a few connections of
 * HTTP/2. Nothing is tried twice, save once when FCM no longer knows the access token.
 */
final class Http2Client implements FcmClient {

    private static final Logger log = LoggerFactory.getLogger(Http2Client.class);

    private static final String JSON_TYPE = "application/json; charset=UTF-8";

    /** Errors then name FCM's own code among their details. */
    private static final String FORMAT_VERSION = "x-goog-api-format-version";

    private static final int UNAUTHORIZED = 401;

    /** Of an answer no more is read: its errors have some hundred bytes. */
    private static final int MAX_BODY = 16 * 1024;

    private final Http2Connections connections;
    private final JdkHttpTransport tokenTransport;
    private final AccessTokens tokens;
    private final HttpClient.RequestSender send;
    private final JsonFactory json;
    private final Clock clock;

    /**
     * Does not call FCM yet.
     *
     * @throws IOException when the file isn't a service account's
     */
    Http2Client(FcmSettings settings, JsonFactory json, Clock clock) throws IOException {
        this.tokenTransport =
                new JdkHttpTransport(1, settings.timeout(), settings.tls(), uri -> uri);
        var account = ServiceAccount.credentials(settings.serviceAccount(), tokenTransport);
        this.tokens = new AccessTokens(account);
        this.connections = new Http2Connections(settings);
        var path = "/v1/projects/" + account.getProjectId() + "/messages:send";
        this.send = connections.client().post().uri(settings.endpoint().resolve(path));
        this.json = json;
        this.clock = clock;
    }

    @Override
    public Mono<PushResult> send(Message message) {
        return send(Map.of("message", message));
    }

    @Override
    public Mono<PushResult> validate(Message message) {
        return send(Map.of("validate_only", true, "message", message));
    }

    private Mono<PushResult> send(Map<String, ?> request) {
        return Mono.fromSupplier(() -> body(request))
                .flatMap(this::answer)
                .map(answer -> FcmErrors.resultOf(answer, clock.instant()))
                .onErrorResume(Http2Client::isExpected, this::unanswered);
    }

    private byte[] body(Map<String, ?> request) {
        try {
            return json.toByteArray(request);
        } catch (IOException impossible) {
            throw new UncheckedIOException("written to memory", impossible);
        }
    }

    private Mono<FcmAnswer> answer(byte[] body) {
        return tokens.headers()
                .flatMap(
                        account ->
                                post(body, account)
                                        .flatMap(answer -> again(answer, body, account)));
    }

    /** A refusal stands where no other token can be had. */
    private Mono<FcmAnswer> again(
            FcmAnswer answer, byte[] body, Map<String, List<String>> account) {
        return answer.status() == UNAUTHORIZED
                ? tokens.otherThan(account)
                        .onErrorComplete(IOException.class)
                        .flatMap(other -> post(body, other))
                        .defaultIfEmpty(answer)
                : Mono.just(answer);
    }

    private Mono<FcmAnswer> post(byte[] body, Map<String, List<String>> account) {
        return send.send(
                        (request, out) -> {
                            describe(request.requestHeaders(), account);
                            return out.send(Mono.fromSupplier(() -> wrappedBuffer(body)));
                        })
                .response(Http2Client::read)
                .single();
    }

    private static void describe(HttpHeaders headers, Map<String, List<String>> account) {
        account.forEach(headers::set);
        headers.set(HttpHeaderNames.CONTENT_TYPE, JSON_TYPE);
        headers.set(FORMAT_VERSION, "2");
    }

    private static Mono<FcmAnswer> read(HttpClientResponse head, ByteBufFlux body) {
        var retryAfter = head.responseHeaders().get(HttpHeaderNames.RETRY_AFTER);
        return text(body).map(text -> new FcmAnswer(head.status().code(), retryAfter, text));
    }

    private static Mono<String> text(ByteBufFlux body) {
        var read = new ByteArrayOutputStream();
        return body.doOnNext(part -> append(read, part))
                .takeUntil(_ -> read.size() >= MAX_BODY)
                .then(Mono.fromSupplier(() -> read.toString(StandardCharsets.UTF_8)));
    }

    private static void append(ByteArrayOutputStream read, ByteBuf part) {
        var bytes = new byte[Math.min(part.readableBytes(), MAX_BODY - read.size())];
        part.getBytes(part.readerIndex(), bytes);
        read.writeBytes(bytes);
    }

    /** What is checked comes from the network or the token endpoint; all else is a bug. */
    private static boolean isExpected(Throwable failure) {
        return failure instanceof Exception && !(failure instanceof RuntimeException);
    }

    private Mono<PushResult> unanswered(Throwable failure) {
        log.debug("FCM could not be asked", failure);
        return Mono.just(FcmErrors.withoutAnswer(failure, clock.instant()));
    }

    @Override
    public void close() {
        connections.close();
        tokenTransport.shutdown();
    }
}
