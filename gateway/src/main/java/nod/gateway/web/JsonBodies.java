package nod.gateway.web;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.server.ServerRequest;

import reactor.core.publisher.Mono;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads JSON bodies of bounded size. */
@Component
class JsonBodies {

    /** The contract's bound of a body. */
    private static final int LIMIT = 64 * 1024;

    private final JsonMapper json =
            JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /** The fields of the body; no body at all counts as an empty object. */
    Mono<Fields> read(ServerRequest request) {
        return DataBufferUtils.join(request.body(BodyExtractors.toDataBuffers()), LIMIT)
                .onErrorMap(DataBufferLimitException.class, _ -> tooLarge())
                .map(JsonBodies::bytes)
                .defaultIfEmpty(new byte[0])
                .map(bytes -> fields(request, bytes));
    }

    private static Refusal tooLarge() {
        return Refusal.of(
                HttpStatus.CONTENT_TOO_LARGE, "Request body exceeds " + LIMIT + " bytes.");
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

    private Fields fields(ServerRequest request, byte[] bytes) {
        if (bytes.length == 0) {
            return Fields.of(json.createObjectNode());
        }
        requireJson(request);
        return Fields.of(parse(bytes));
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

    private JsonNode parse(byte[] bytes) {
        try {
            return json.readTree(bytes);
        } catch (JacksonException malformed) {
            var location = malformed.getLocation();
            throw Refusal.of(
                    HttpStatus.BAD_REQUEST,
                    location == null
                            ? "JSON parse error - not a JSON text"
                            : "JSON parse error - line %d column %d"
                                    .formatted(location.getLineNr(), location.getColumnNr()));
        }
    }
}
