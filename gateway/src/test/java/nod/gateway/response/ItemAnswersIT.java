package nod.gateway.response;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.gateway.RunningGateway;
import nod.gateway.RunningGateway.EnrolledPhone;
import nod.messaging.event.Traceparent;
import nod.messaging.testing.EventLogReader;
import nod.messaging.testing.TestServers;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.Topic;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** Answers that come while others are under way, and are claimed together. */
class ItemAnswersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static TestServers servers;
    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        servers = new TestServers();
        gateway = RunningGateway.start(servers);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void claimsEachTransactionThatWasAnsweredAndOnlyThose() throws Exception {
        var users = IntStream.range(0, 5).mapToObj(_ -> "user-" + UUID.randomUUID()).toList();
        var phones = users.stream().map(gateway::enrol).toList();
        var transactions = users.stream().map(ItemAnswersIT::begin).toList();

        List<CompletableFuture<@Nullable Boolean>> taken = new ArrayList<>();
        try (var held = holdTurns()) {
            for (int i = 0; i < users.size(); i++) {
                taken.add(take(transactions.get(i), phones.get(i)));
            }
            taken.add(take(UUID.randomUUID(), phones.getFirst()));
            taken.add(take(transactions.getFirst(), phones.getLast()));
            held.rollback();
        }

        for (int i = 0; i < users.size(); i++) {
            assertThat(taken.get(i)).succeedsWithin(PATIENCE).isEqualTo(true);
            assertThat(claimedBy(transactions.get(i))).isEqualTo(phones.get(i).device());
        }
        assertThat(taken.get(5)).succeedsWithin(PATIENCE).isNull();
        assertThat(taken.get(6)).succeedsWithin(PATIENCE).isNull();
    }

    @Test
    void hearsTheFirstOfTwoPhonesThatAnswerTogether() throws Exception {
        var user = "user-" + UUID.randomUUID();
        var first = gateway.enrol(user);
        var second = gateway.enrol(user);
        var txId = begin(user);

        CompletableFuture<@Nullable Boolean> one;
        CompletableFuture<@Nullable Boolean> other;
        try (var held = holdTurns()) {
            one = take(txId, first);
            other = take(txId, second);
            held.rollback();
        }

        assertThat(one).succeedsWithin(PATIENCE).isEqualTo(true);
        assertThat(other).succeedsWithin(PATIENCE).isNull();
        assertThat(claimedBy(txId)).isEqualTo(first.device());
        try (var auditor =
                new EventLogReader<>(
                        servers.bootstrapServers(),
                        Topic.RESPONSE_RECEIVED,
                        ResponseReceived.class)) {
            auditor.await(txId.toString());
            assertThat(auditor.untilNow(txId.toString())).hasSize(1);
        }
    }

    /** What became of the push is often written in the very moment in which the phone answers. */
    @Test
    void doesNotWaitForTheReportOfItsPush() throws Exception {
        var phone = gateway.enrol("user-of-a-quick-phone");
        var txId = begin("user-of-a-quick-phone");

        try (var report = servers.connect()) {
            report.setAutoCommit(false);
            try (var delivery =
                    report.prepareStatement(
                            "INSERT INTO delivery (tx_id, device, state)"
                                    + " VALUES (?, ?, 'accepted')")) {
                delivery.setObject(1, txId);
                delivery.setObject(2, phone.device());
                delivery.execute();
            }

            assertThat(take(txId, phone)).succeedsWithin(PATIENCE).isEqualTo(true);
        }
    }

    private static CompletableFuture<@Nullable Boolean> take(UUID txId, EnrolledPhone phone) {
        return gateway.part(ItemAnswers.class)
                .take(new GivenAnswer(txId, phone.device(), "123", Traceparent.start()))
                .toFuture();
    }

    /** Until it is rolled back, every turn is taken by an answer to a row that is held. */
    private static Connection holdTurns() throws SQLException {
        var users =
                IntStream.range(0, ItemAnswers.AT_ONCE)
                        .mapToObj(_ -> "user-" + UUID.randomUUID())
                        .toList();
        var phones = users.stream().map(gateway::enrol).toList();
        var transactions = users.stream().map(ItemAnswersIT::begin).toList();
        var holder = servers.connect();
        holder.setAutoCommit(false);
        try (var lock =
                holder.prepareStatement(
                        "SELECT 1 FROM transaction WHERE tx_id = ANY(?) FOR UPDATE")) {
            lock.setArray(1, holder.createArrayOf("uuid", transactions.toArray()));
            lock.executeQuery();
        }
        for (int i = 0; i < transactions.size(); i++) {
            take(transactions.get(i), phones.get(i));
        }
        awaitWaiting(holder, transactions.size());
        return holder;
    }

    private static void awaitWaiting(Connection holder, int count) throws SQLException {
        try (var waiting =
                holder.prepareStatement(
                        "SELECT count(*) FROM pg_stat_activity"
                                + " WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")) {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(10))
                    .until(
                            () -> {
                                try (var result = waiting.executeQuery()) {
                                    return result.next() && result.getInt(1) == count;
                                }
                            });
        }
    }

    private static UUID begin(String user) {
        var started =
                gateway.deployment()
                        .post()
                        .uri("/authenticators/mobile/transactions/")
                        .bodyValue(Map.of("user", user))
                        .exchange()
                        .expectStatus()
                        .isCreated();
        return UUID.fromString(RunningGateway.body(started).path("tx_id").asString());
    }

    private static @Nullable Object claimedBy(UUID txId) throws SQLException {
        try (var connection = servers.connect();
                var query =
                        connection.prepareStatement(
                                "SELECT claimed_by FROM transaction WHERE tx_id = ?")) {
            query.setObject(1, txId);
            try (var result = query.executeQuery()) {
                return result.next() ? result.getObject(1) : null;
            }
        }
    }
}
