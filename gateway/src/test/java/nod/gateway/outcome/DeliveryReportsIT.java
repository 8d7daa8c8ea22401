package nod.gateway.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;

import nod.gateway.RunningGateway;
import nod.messaging.event.Envelope;
import nod.messaging.event.Traceparent;
import nod.messaging.testing.TestServers;
import nod.schemas.event.DeliveryReported;
import nod.schemas.event.DeliveryState;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Reports of transactions that are there, that are gone, and that are just going. */
class DeliveryReportsIT {

    private static final String TRANSACTIONS = "/authenticators/mobile/transactions/";

    private static TestServers servers;
    private static RunningGateway gateway;
    private static DeliveryReports reports;

    private final String user = "user-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        servers = new TestServers();
        gateway = RunningGateway.start(servers);
        reports = gateway.part(DeliveryReports.class);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void countsAReportOfAPrunedTransactionAndWritesTheOthers() throws Exception {
        var phone = gateway.enrol(user).device();
        var txId = started();
        var before = stray();

        handle(report(UUID.randomUUID(), phone), report(txId, phone));

        assertThat(stray()).isEqualTo(before + 1);
        assertThat(state(txId)).isEqualTo("accepted");
    }

    @Test
    void acceptedStaysAccepted() throws Exception {
        var phone = gateway.enrol(user).device();
        var txId = started();

        handle(report(txId, phone));
        handle(
                new DeliveryReported(
                        txId,
                        phone,
                        DeliveryState.UNREACHABLE,
                        null,
                        "timeout",
                        null,
                        false,
                        null,
                        1,
                        1L));

        assertThat(state(txId)).isEqualTo("accepted");
    }

    /** Without its lock the report would fail: its foreign key finds no row any more. */
    @Test
    void countsAReportOfATransactionThatIsJustBeingPruned() throws Exception {
        var phone = gateway.enrol(user).device();
        var txId = started();
        var before = stray();
        CompletableFuture<Void> handled;
        try (var pruning = servers.connect()) {
            pruning.setAutoCommit(false);
            delete(pruning, txId);
            handled = begin(report(txId, phone));
            await().until(DeliveryReportsIT::somebodyWaitsForALock);
            pruning.commit();
        }
        handled.get(10, TimeUnit.SECONDS);

        assertThat(stray()).isEqualTo(before + 1);
    }

    private static DeliveryReported report(UUID txId, UUID device) {
        return new DeliveryReported(
                txId, device, DeliveryState.ACCEPTED, null, null, 1, false, null, 1, 1L);
    }

    private static void handle(DeliveryReported... all) throws Exception {
        begin(all).get(10, TimeUnit.SECONDS);
    }

    private static CompletableFuture<Void> begin(DeliveryReported... all) {
        var batch =
                Arrays.stream(all)
                        .map(
                                report ->
                                        new Envelope<>(
                                                UUID.randomUUID(),
                                                Instant.EPOCH,
                                                Traceparent.start(),
                                                report))
                        .toList();
        return CompletableFuture.allOf(
                reports.handle(batch).stream()
                        .map(stage -> stage.toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new));
    }

    private static double stray() {
        return gateway.part(MeterRegistry.class).counter(DeliveryReports.STRAY).count();
    }

    private UUID started() {
        return UUID.fromString(
                RunningGateway.body(
                                gateway.deployment()
                                        .post()
                                        .uri(TRANSACTIONS)
                                        .bodyValue(Map.of("user", user))
                                        .exchange()
                                        .expectStatus()
                                        .isCreated())
                        .path("tx_id")
                        .asString());
    }

    private static String state(UUID txId) {
        JsonNode shown =
                RunningGateway.body(
                        gateway.deployment().get().uri(TRANSACTIONS + txId + "/").exchange());
        return shown.path("deliveries").path(0).path("state").asString();
    }

    private static void delete(Connection pruning, UUID txId) throws SQLException {
        try (var delete = pruning.prepareStatement("DELETE FROM transaction WHERE tx_id = ?")) {
            delete.setObject(1, txId);
            delete.executeUpdate();
        }
    }

    private static boolean somebodyWaitsForALock() throws SQLException {
        try (var connection = servers.connect();
                var select =
                        connection.prepareStatement(
                                "SELECT 1 FROM pg_stat_activity WHERE datname ="
                                        + " current_database() AND wait_event_type = 'Lock'");
                var row = select.executeQuery()) {
            return row.next();
        }
    }
}
