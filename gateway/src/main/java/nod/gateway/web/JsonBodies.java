package nod.gateway.web;

import nod.gateway.GatewaySettings;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.server.ServerRequest;

import reactor.core.publisher.Mono;

import tools.jackson.databind.node.JsonNodeFactory;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/** Reads JSON bodies of bounded size in bounded time. */
@Component
class JsonBodies {

    /** The contract's bound of a body. */
    private static final int LIMIT = 64 * 1024;

    private final Duration patience;

    JsonBodies(GatewaySettings settings) {
        this.patience = settings.bodyTimeout();
    }

    /**
     * The fields of the body; no body at all counts as an empty object. What is refused by its
     * headers alone is not read.
     */
    Mono<Fields> read(ServerRequest request) {
        var headers = request.headers();
        if (isEmpty(headers)) {
            return Mono.just(Fields.of(JsonNodeFactory.instance.objectNode()));
        }
        requireJson(request);
        if (headers.contentLength().orElse(0) > LIMIT) {
            throw tooLarge();
        }
        return DataBufferUtils.join(request.body(BodyExtractors.toDataBuffers()), LIMIT)
                .timeout(patience)
                .onErrorMap(DataBufferLimitException.class, _ -> tooLarge())
                .onErrorMap(TimeoutException.class, _ -> tooSlow())
                .map(JsonBodies::bytes)
                .defaultIfEmpty(new byte[0])
                .map(JsonBodies::fields);
    }

    private static boolean isEmpty(ServerRequest.Headers headers) {
        return headers.contentLength().orElse(-1) <= 0
                && headers.firstHeader(HttpHeaders.TRANSFER_ENCODING) == null;
    }

    private static Refusal tooLarge() {
        return Refusal.andClose(
                HttpStatus.CONTENT_TOO_LARGE, "Request body exceeds " + LIMIT + " bytes.");
    }

    private Refusal tooSlow() {
        return Refusal.andClose(
                HttpStatus.REQUEST_TIMEOUT,
                "Request body did not come within " + patience.toMillis() + " ms.");
    }

    private static byte[] bytes(DataBuffer buffer) {
        try {
            var bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            return bytes;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }

    private static Fields fields(byte[] bytes) {
        return Fields.of(
                bytes.length == 0 ? JsonNodeFactory.instance.objectNode() : JsonText.parse(bytes));
    }

    private static void requireJson(ServerRequest request) {
        if (!isJson(request.headers())) {
            var name = request.headers().firstHeader("Content-Type");
            throw Refusal.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "Unsupported media type \"%s\" in request."
                            .formatted(name == null ? "" : name));
        }
    }

    private static boolean isJson(ServerRequest.Headers headers) {
        try {
            return headers.contentType()
                    .filter(MediaType.APPLICATION_JSON::isCompatibleWith)
                    .isPresent();
        } catch (InvalidMediaTypeException malformed) {
            return false;
        }
    }
}
