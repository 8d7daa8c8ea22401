package nod.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.gateway.RunningGateway;
import nod.gateway.contract.RawHttp;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * The tests' client comes from one address; one gateway takes it for a proxy, the other does not.
 */
class ConnectionLimitsIT {

    private static final String SCHEMA = "GET /api/v3/schema/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String CLOSED = "nod.gateway.connections.closed";
    private static final int MAX = 12;
    private static final int MAX_PER_ADDRESS = 5;

    private static TestServers servers;
    private static RunningGateway gateway;
    private static RunningGateway behindAProxy;

    @BeforeAll
    static void start() {
        servers = new TestServers();
        gateway = RunningGateway.start(servers, settings());
        var trusting = new HashMap<>(settings());
        trusting.put("nod.gateway.trusted-proxies", "127.0.0.0/8, ::1/128");
        behindAProxy = RunningGateway.start(servers, trusting);
    }

    private static Map<String, String> settings() {
        return Map.of(
                "nod.gateway.connections.max", "" + MAX,
                "nod.gateway.connections.max-per-address", "" + MAX_PER_ADDRESS,
                "nod.gateway.connections.header-timeout", "700ms",
                "nod.gateway.connections.write-timeout", "700ms",
                "nod.gateway.body-timeout", "700ms");
    }

    @AfterAll
    static void stop() {
        // Together: whichever is closed takes the connections of the other with it.
        behindAProxy.close();
        gateway.close();
    }

    private static double closed(RunningGateway by, String reason) {
        return by.metrics().get(CLOSED).tag("reason", reason).counter().count();
    }

    private static double open(RunningGateway at) {
        return at.metrics().get("nod.gateway.connections.open").gauge().value();
    }

    /** How so many connections, all open at once, were answered; 0: closed without an answer. */
    private static List<Integer> statuses(RunningGateway at, int connections) throws IOException {
        await().until(() -> open(at) == 0);
        var all = new ArrayList<RawHttp>();
        var statuses = new ArrayList<Integer>();
        try {
            for (int i = 0; i < connections; i++) {
                var connection = new RawHttp(at.port());
                all.add(connection);
                statuses.add(connection.send(SCHEMA).answer().status());
            }
        } finally {
            for (var connection : all) {
                connection.close();
            }
        }
        return statuses;
    }

    @Test
    void closesWhatIsTooManyOfOneAddress() throws IOException {
        var before = closed(gateway, "too_many_of_the_address");

        assertThat(statuses(gateway, MAX_PER_ADDRESS + 2))
                .containsExactly(200, 200, 200, 200, 200, 0, 0);
        assertThat(closed(gateway, "too_many_of_the_address") - before).isEqualTo(2);
    }

    @Test
    void letsAProxyHaveAllAndNoMore() throws IOException {
        var statuses = statuses(behindAProxy, MAX + 1);

        assertThat(statuses.subList(0, MAX)).containsOnly(200);
        assertThat(statuses.getLast()).isZero();
        assertThat(closed(behindAProxy, "too_many")).isPositive();
    }

    @Test
    void admitsAgainWhenOthersAreGone() throws IOException {
        statuses(gateway, MAX_PER_ADDRESS);

        assertThat(statuses(gateway, MAX_PER_ADDRESS)).containsOnly(200);
    }

    @Test
    void cutsAHeadOffThatDripsIn() throws IOException {
        var before = closed(gateway, "slow_head");
        try (var connection = new RawHttp(gateway.port())) {
            connection.send("GET /api/v3/schema/ HTTP/1.1\r\nX-Slow: ");
            await().pollInterval(Duration.ofMillis(50))
                    .atMost(Duration.ofSeconds(5))
                    .untilAsserted(
                            () -> {
                                connection.send("x");
                                assertThat(closed(gateway, "slow_head") - before).isEqualTo(1);
                            });
            assertThat(connection.answer().status()).isZero();
        }
    }

    @Test
    void cutsTheSecondHeadOffAsWell() throws IOException {
        try (var connection = new RawHttp(gateway.port())) {
            assertThat(connection.send(SCHEMA).answer().status()).isEqualTo(200);

            assertThat(connection.send("GET /").answer().status()).isZero();
        }
    }

    @Test
    void keepsAConnectionBetweenRequests() throws IOException {
        try (var connection = new RawHttp(gateway.port())) {
            connection.send(SCHEMA).answer();
            passHeaderTimeout();

            assertThat(connection.send(SCHEMA).answer().status()).isEqualTo(200);
        }
    }

    /** Another connection's deadline is over when its head was cut off. */
    private static void passHeaderTimeout() throws IOException {
        try (var other = new RawHttp(gateway.port())) {
            other.send("GET /").answer();
        }
    }

    @Test
    void closesAfterABodyThatNobodyReadsAndThatDoesNotCome() throws IOException {
        try (var connection = new RawHttp(gateway.port())) {
            connection.send(
                    "POST /nowhere/ HTTP/1.1\r\n"
                            + "Host: localhost\r\n"
                            + "Content-Length: 1000000\r\n\r\n"
                            + "{");

            assertThat(connection.answer().status()).isEqualTo(404);
            // A second one never comes.
            assertThat(connection.answer().status()).isZero();
            assertThat(closed(gateway, "slow_body")).isEqualTo(1);
        }
    }

    @Test
    void cutsOffWhoDoesNotTakeTheAnswers() throws IOException {
        var before = closed(gateway, "slow_reader");
        var many = SCHEMA.repeat(1_000);
        try (var connection = new RawHttp(gateway.port())) {
            connection.sendUntilClosed(many.getBytes(StandardCharsets.UTF_8), 1);

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> assertThat(closed(gateway, "slow_reader") - before).isEqualTo(1));
        }
    }

    @Test
    void doesNotHurryThoseWhoWaitForADecision() throws IOException, SQLException {
        var txId = UUID.randomUUID();
        insertOpenTransaction(txId);
        try (var connection = new RawHttp(gateway.port())) {
            var began = System.nanoTime();
            var answer =
                    connection
                            .send(
                                    """
                                    GET /api/v3/authenticators/mobile/transactions/%s/?wait=2 HTTP/1.1
                                    Host: localhost
                                    Authorization: Bearer %s

                                    """
                                            .formatted(txId, RunningGateway.API_KEY)
                                            .replace("\n", "\r\n"))
                            .answer();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(Duration.ofNanos(System.nanoTime() - began))
                    .isGreaterThan(Duration.ofMillis(1900));
        }
    }

    private static void insertOpenTransaction(UUID txId) throws SQLException {
        try (var database = servers.connect();
                var statement = database.createStatement()) {
            statement.execute(
                    """
                    INSERT INTO transaction
                        (tx_id, user_id, devices, mode, item, items, title, body, context, expires)
                    VALUES ('%s', 'waits', '{}', 'accept_deny', 'accept', '{accept,deny}', '', '',
                            '{}', now() + interval '1 minute')
                    """
                            .formatted(txId));
        }
    }

    @Test
    void refusesHeadsThatAreTooLarge() throws IOException {
        for (var request :
                IntStream.of(9_000, 20_000)
                        .mapToObj(
                                size ->
                                        "GET /api/v3/schema/ HTTP/1.1\r\nX: "
                                                + "x".repeat(size)
                                                + "\r\n\r\n")
                        .toList()) {
            try (var connection = new RawHttp(gateway.port())) {
                assertThat(connection.send(request).answer().status()).isIn(431, 413, 0);
            }
        }
    }
}
