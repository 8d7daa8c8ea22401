package nod.gateway.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.gateway.Rows;
import nod.gateway.RunningGateway;
import nod.gateway.security.Caller;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** A key that another start takes between our look and our insert: users are locked, keys not. */
class IdempotencyKeyRaceIT {

    private static final String PATH = "/authenticators/mobile/transactions/";

    private static Rows rows;
    private static RunningGateway gateway;

    private final String key = "taken-" + UUID.randomUUID();
    private final String user = "user-of-" + key;
    private Connection other;
    private CompletableFuture<Integer> ours;

    @BeforeAll
    static void start() {
        var servers = new TestServers();
        rows = new Rows(servers);
        gateway = RunningGateway.start(servers);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void haveTheOtherTakeTheKeyAndOursWaitForIt() throws SQLException {
        gateway.enrol(user);
        other = takenByAnother();
        ours = CompletableFuture.supplyAsync(() -> status(tryStart()));
        await().until(() -> rows.waitingForLocks() == 1);
    }

    @AfterEach
    void close() throws SQLException {
        other.close();
    }

    @Test
    void isRefusedWhereTheOtherWantedSomethingElse() throws Exception {
        other.commit();

        assertThat(ours.get()).isEqualTo(400);
        assertThat(transactions()).isZero();
    }

    @Test
    void isOursWhereTheOtherCameToNothing() throws Exception {
        other.rollback();

        assertThat(ours.get()).isEqualTo(201);
        assertThat(status(tryStart())).isEqualTo(200);
        assertThat(transactions()).isEqualTo(1);
    }

    private Connection takenByAnother() throws SQLException {
        var actor = Caller.Deployment.byApiKey("test").actor();
        return rows.hold(
                "INSERT INTO idempotency (credential, key, request, tx_id, expires) VALUES"
                        + " (?, ?, '', gen_random_uuid(), now() + interval '1 h')",
                actor.kind() + ":" + actor.id(),
                key);
    }

    private WebTestClient.ResponseSpec tryStart() {
        return gateway.deployment()
                .post()
                .uri(PATH)
                .header("Idempotency-Key", key)
                .bodyValue(Map.of("user", user))
                .exchange();
    }

    private static int status(WebTestClient.ResponseSpec answer) {
        return answer.returnResult(Void.class).getStatus().value();
    }

    private int transactions() throws SQLException {
        return rows.count("transaction", "user_id", user);
    }
}
