package nod.gateway.lock;

import nod.gateway.RunningGateway;
import nod.gateway.RunningGateway.EnrolledPhone;
import nod.messaging.testing.TestServers;

import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.WebTestClient;

import tools.jackson.databind.JsonNode;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** A user whom nobody else asks, with a phone, and a time that passes at once. */
record Person(TestServers servers, RunningGateway gateway, String user, EnrolledPhone phone) {

    private static final String TRANSACTIONS = "/authenticators/mobile/transactions/";

    static Person enrolled(TestServers servers, RunningGateway gateway) {
        var user = "user-" + UUID.randomUUID();
        return new Person(servers, gateway, user, gateway.enrol(user));
    }

    /** The same person at another gateway. */
    Person at(RunningGateway other) {
        var client = other.client(phone.token());
        return new Person(
                servers, other, user, new EnrolledPhone(phone.device(), phone.token(), client));
    }

    /** Asks; returns the tx_id. */
    String start() {
        return txId(tryStart().expectStatus().isCreated());
    }

    WebTestClient.ResponseSpec tryStart() {
        return tryStart(Map.of());
    }

    /** Asks with further headers. */
    WebTestClient.ResponseSpec tryStart(Map<String, String> headers) {
        return gateway.deployment()
                .post()
                .uri(TRANSACTIONS)
                .headers(all -> headers.forEach(all::set))
                .bodyValue(Map.of("user", user, "item_matching_mode", "number_matching_2"))
                .exchange();
    }

    static String txId(WebTestClient.ResponseSpec started) {
        return RunningGateway.body(started).path("tx_id").asString();
    }

    /** Asks in vain; returns how long the pause still is. */
    Duration refused() {
        var seconds =
                tryStart()
                        .expectStatus()
                        .isEqualTo(429)
                        .returnResult(JsonNode.class)
                        .getResponseHeaders()
                        .getFirst(HttpHeaders.RETRY_AFTER);
        return Duration.ofSeconds(Long.parseLong(Objects.requireNonNull(seconds)));
    }

    /** Asks, and is denied. */
    void deny() {
        answer(start(), "deny");
    }

    /** Asks, and is let in. */
    void accept() {
        var started = RunningGateway.body(tryStart().expectStatus().isCreated());
        answer(started.path("tx_id").asString(), started.path("item").asString());
    }

    /** Asks, and gets a number that is not there. */
    void mistype() {
        answer(start(), "00");
    }

    private void answer(String txId, String item) {
        if (phone.answer(txId, item) != 204) {
            throw new AssertionError("the answer " + item + " was not taken");
        }
    }

    void cancel(String txId) {
        gateway.deployment()
                .delete()
                .uri(TRANSACTIONS + txId + "/")
                .exchange()
                .expectStatus()
                .isNoContent();
    }

    /** Releases; returns the status. */
    int release() {
        return gateway.deployment()
                .delete()
                .uri("/authenticators/mobile/locks/{user}/", user)
                .exchange()
                .returnResult(Void.class)
                .getStatus()
                .value();
    }

    /** What the list says of this user; missing where it says nothing. */
    JsonNode listed() {
        var page =
                RunningGateway.body(
                        gateway.deployment()
                                .get()
                                .uri("/authenticators/mobile/locks/?page_size=1000")
                                .exchange());
        return page.path("results")
                .valueStream()
                .filter(lock -> lock.path("user").asString().equals(user))
                .findFirst()
                .orElse(page.path("none"));
    }

    /** Nobody answered, and the time is up. */
    void expire(String txId) {
        change(
                "UPDATE transaction SET expires = statement_timestamp() WHERE tx_id = ?",
                UUID.fromString(txId));
    }

    /** What a response-collector makes of all that has ended. */
    void decided(String status, String reason) {
        change(
                """
                UPDATE transaction SET decided = now(), status = '%s', reason = '%s'
                WHERE user_id = ?
                """
                        .formatted(status, reason),
                user);
    }

    /** That much later. */
    void pass(String interval) {
        change(
                """
                UPDATE transaction
                SET created = created - i, expires = expires - i, claimed_at = claimed_at - i,
                    decided = decided - i
                FROM CAST('%s' AS interval) i WHERE user_id = ?
                """
                        .formatted(interval),
                user);
        change(
                """
                UPDATE user_limit
                SET since = since - i, until = until - i, forgotten = forgotten - i
                FROM CAST('%s' AS interval) i WHERE user_id = ?
                """
                        .formatted(interval),
                user);
    }

    void change(String sql, Object parameter) {
        try (var connection = servers.connect();
                var statement = connection.prepareStatement(sql)) {
            statement.setObject(1, parameter);
            statement.executeUpdate();
        } catch (SQLException refused) {
            throw new AssertionError(sql, refused);
        }
    }
}
