package nod.gateway.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.Objects;

/** Calls the API below {@code /authenticators/mobile/} with one credential. */
record Client(WebTestClient http) {

    private static final String BASE = "/authenticators/mobile/";
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What came back. */
    record Answer(int status, HttpHeaders headers, String text) {

        /** It has this status. */
        Answer is(int expected) {
            assertThat(status).as(text).isEqualTo(expected);
            return this;
        }

        /** It has this status and exactly this JSON. */
        Answer is(int expected, String json) {
            is(expected);
            assertThat(json()).isEqualTo(JSON.readTree(json));
            return this;
        }

        /** It has this status and this sentence. */
        Answer says(int expected, String detail) {
            return is(expected, JSON.writeValueAsString(java.util.Map.of("detail", detail)));
        }

        /** It is a 400 that says this of one field and nothing else. */
        Answer refuses(String field, String sentence) {
            var errors = JSON.createObjectNode();
            errors.putArray(field).add(sentence);
            return is(400, errors.toString());
        }

        JsonNode json() {
            return JSON.readTree(text);
        }

        /** A value of the answer, by its JSON pointer. */
        String at(String pointer) {
            return json().at(pointer).asString();
        }
    }

    Answer get(String path) {
        return call("GET", path, null);
    }

    Answer post(String path, @Nullable String json) {
        return call("POST", path, json);
    }

    Answer put(String path, String json) {
        return call("PUT", path, json);
    }

    Answer patch(String path, @Nullable String json) {
        return call("PATCH", path, json);
    }

    Answer delete(String path) {
        return call("DELETE", path, null);
    }

    /** The query of a path is sent as it stands here. */
    Answer call(String method, String path, @Nullable String json, String... headers) {
        var request = http.method(HttpMethod.valueOf(method)).uri(BASE + path);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        if (json != null) {
            if (headers.length == 0) {
                request.contentType(MediaType.APPLICATION_JSON);
            }
            request.bodyValue(json);
        }
        var result = request.exchange().expectBody(String.class).returnResult();
        return new Answer(
                result.getStatus().value(),
                result.getResponseHeaders(),
                Objects.requireNonNullElse(result.getResponseBody(), ""));
    }
}
