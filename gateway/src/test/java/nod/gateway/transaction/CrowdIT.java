package nod.gateway.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.gateway.Rows;
import nod.gateway.RunningGateway;
import nod.gateway.contract.CheckedHttpClient;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * More starts at a time than a gateway has turns for: two here, both taken by starts that wait for
 * a user whose row is held.
 */
class CrowdIT {

    private static final String PATH = "/authenticators/mobile/transactions/";

    private static final int CONNECTIONS = 4;

    private static Rows rows;
    private static RunningGateway gateway;
    private static int names;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final String crowded = "crowded-" + ++names;
    private final String calm = "calm-" + names;
    private final List<Connection> held = new ArrayList<>();

    @BeforeAll
    static void start() {
        var servers = new TestServers();
        rows = new Rows(servers);
        gateway =
                RunningGateway.start(
                        servers,
                        Map.of(
                                "nod.gateway.transaction.starts-at-once",
                                "2",
                                "spring.r2dbc.pool.max-size",
                                "" + CONNECTIONS));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void takeEveryTurn() throws SQLException {
        gateway.enrol(crowded);
        started(crowded);
        holdUser(crowded);
    }

    @AfterEach
    void end() throws SQLException {
        letGo();
        callers.close();
    }

    @Test
    void refusesAStartThatGetsNoTurnAndTakesItWhenItComesAgain() throws Exception {
        gateway.enrol(calm);
        holdUser(calm);
        var before = refused();
        var one = callers.submit(() -> status(crowded));
        var two = callers.submit(() -> status(crowded));
        awaitWaitingForTheUser(2);

        tryStart(calm).expectStatus().isEqualTo(503).expectHeader().valueEquals("Retry-After", 1);

        letGo();
        assertThat(one.get()).isEqualTo(201);
        assertThat(two.get()).isEqualTo(201);
        assertThat(status(calm)).isEqualTo(201);
        assertThat(refused()).isEqualTo(before + 1);
    }

    @Test
    void takesAStartThatGetsItsTurnInTime() throws Exception {
        gateway.enrol(calm);
        holdUser(calm);
        var one = callers.submit(() -> status(crowded));
        var two = callers.submit(() -> status(crowded));
        awaitWaitingForTheUser(2);

        var third = callers.submit(() -> status(calm));
        await().until(() -> waiting() == 1);
        letGo();

        assertThat(third.get()).isEqualTo(201);
        assertThat(one.get()).isEqualTo(201);
        assertThat(two.get()).isEqualTo(201);
    }

    /** One that waits for nobody needs no turn. */
    @Test
    void startsLoginsOfOthersMeanwhile() throws Exception {
        gateway.enrol(calm);
        var one = callers.submit(() -> status(crowded));
        var two = callers.submit(() -> status(crowded));
        awaitWaitingForTheUser(2);

        assertThat(status(calm)).isEqualTo(201);

        letGo();
        assertThat(one.get()).isEqualTo(201);
        assertThat(two.get()).isEqualTo(201);
    }

    /** More starts than the pool has connections: they would take them all. */
    @Test
    void endsLoginsWhileNoneCanBeStarted() throws Exception {
        var phone = gateway.enrol(calm);
        var login = started(calm);
        var starts =
                IntStream.range(0, CONNECTIONS + 2)
                        .mapToObj(_ -> callers.submit(() -> status(crowded)))
                        .toList();
        await().until(() -> rows.waitingForLocks() + waiting() >= CONNECTIONS);

        assertThat(phone.answer(login, "accept")).isEqualTo(204);

        letGo();
        for (var start : starts) {
            assertThat(start.get()).isIn(201, 429, 503);
        }
    }

    @Test
    void keepsTheTurnOfACallerWhoHungUpUntilItsTransactionEnds() throws Exception {
        gateway.enrol(calm);
        holdUser(calm);
        try (var client = CheckedHttpClient.of(gateway.url())) {
            client.sendAsync(startOf(crowded), BodyHandlers.discarding());
            client.sendAsync(startOf(crowded), BodyHandlers.discarding());
            awaitWaitingForTheUser(2);
            client.shutdownNow();
        }

        tryStart(calm).expectStatus().isEqualTo(503);

        letGo();
        assertThat(status(calm)).isEqualTo(201);
    }

    private static HttpRequest startOf(String user) {
        return HttpRequest.newBuilder(gateway.url().resolve("api/v3" + PATH))
                .header("Authorization", "Bearer " + RunningGateway.API_KEY)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"user\":\"%s\"}".formatted(user)))
                .build();
    }

    private static WebTestClient.ResponseSpec tryStart(String user) {
        return gateway.deployment().post().uri(PATH).bodyValue(Map.of("user", user)).exchange();
    }

    private static int status(String user) {
        return tryStart(user).returnResult(Void.class).getStatus().value();
    }

    private static String started(String user) {
        return RunningGateway.body(tryStart(user).expectStatus().isCreated())
                .path("tx_id")
                .asString();
    }

    private static double waiting() {
        return gateway.metrics().get(Crowd.WAITING).tag(Crowd.WAY, "alone").gauge().value();
    }

    private static double refused() {
        return gateway.metrics().get(Crowd.CROWDED_OUT).tag(Crowd.WAY, "alone").counter().count();
    }

    private void holdUser(String user) throws SQLException {
        held.add(rows.holdUser(user));
    }

    private void letGo() throws SQLException {
        for (var connection : held) {
            connection.close();
        }
        held.clear();
    }

    private static void awaitWaitingForTheUser(int sessions) {
        await().until(() -> rows.waitingForLocks() == sessions);
    }
}
