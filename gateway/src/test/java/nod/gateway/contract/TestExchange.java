package nod.gateway.contract;

import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Exchanges such as the tests of the check need them. Immutable. */
record TestExchange(
        String method, String path, HttpHeaders sent, String body, HttpHeaders answered) {

    private static final String JSON = "application/json";

    static TestExchange get(String path) {
        return of("GET", path);
    }

    static TestExchange post(String path) {
        return of("POST", path);
    }

    static TestExchange put(String path) {
        return of("PUT", path);
    }

    static TestExchange patch(String path) {
        return of("PATCH", path);
    }

    static TestExchange delete(String path) {
        return of("DELETE", path);
    }

    private static TestExchange of(String method, String path) {
        var sent = new HttpHeaders();
        sent.set(HttpHeaders.AUTHORIZATION, "Bearer x");
        return new TestExchange(method, path, sent, "", new HttpHeaders());
    }

    TestExchange with(String json) {
        return with(JSON, json);
    }

    TestExchange with(String type, String text) {
        return new TestExchange(
                method, path, plus(sent, HttpHeaders.CONTENT_TYPE, type), text, answered);
    }

    TestExchange sentWith(String header, String value) {
        return new TestExchange(method, path, plus(sent, header, value), body, answered);
    }

    TestExchange answeredWith(String header, String value) {
        return new TestExchange(method, path, sent, body, plus(answered, header, value));
    }

    TestExchange anonymous() {
        return new TestExchange(method, path, new HttpHeaders(), body, answered);
    }

    private static HttpHeaders plus(HttpHeaders headers, String name, String value) {
        var all = new HttpHeaders();
        all.putAll(headers);
        all.set(name, value);
        return all;
    }

    /** What is wrong with it when it is answered so. */
    List<String> answered(int status, String json) {
        return answered(status, json.isEmpty() ? null : JSON, json);
    }

    List<String> answered(int status, @Nullable String type, String text) {
        return new Contract().problems(exchange(status, type, text));
    }

    Exchange exchange(int status, @Nullable String type, String text) {
        return new Exchange(
                method,
                URI.create("http://localhost:1" + path),
                sent,
                body.getBytes(StandardCharsets.UTF_8),
                status,
                type == null ? answered : plus(answered, HttpHeaders.CONTENT_TYPE, type),
                text.getBytes(StandardCharsets.UTF_8));
    }
}
