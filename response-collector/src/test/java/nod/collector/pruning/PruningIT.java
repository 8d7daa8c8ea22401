package nod.collector.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;

import nod.collector.CollectorFixture;
import nod.collector.TransactionRows;
import nod.schemas.event.Answer;
import nod.schemas.event.ItemMode;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.Topic;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Mono;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What is decided leaves after its time; what is not never does, and nobody waits for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PruningIT {

    private static final Duration PROMPTLY = Duration.ofSeconds(5);
    private static final Duration OLD = Duration.ofHours(25);
    private static final int ENOUGH = 1000;

    private final UUID phone = UUID.randomUUID();
    private final CollectorFixture collector = CollectorFixture.pruningOnDemand();
    private final TransactionRows rows = collector.rows();
    private final DecidedTransactions decided = collector.part(DecidedTransactions.class);

    @AfterAll
    void stop() {
        collector.close();
    }

    @Test
    void deletesWhatWasDecidedLongAgoWithItsDeliveries() throws SQLException {
        var txId = rows.decided(OLD, phone, UUID.randomUUID());

        prune();

        assertThat(rows.exists(txId)).isFalse();
        assertThat(rows.count("delivery", txId)).isZero();
    }

    /** The setting is as low as it may be: whatever a phone may report is there. */
    @Test
    void leavesWhatAPhoneMayStillReport() throws SQLException {
        var txId = rows.decided(Duration.ofHours(24).minusMinutes(1), phone);

        prune();

        assertThat(rows.exists(txId)).isTrue();
        assertThat(rows.count("delivery", txId)).isEqualTo(1);
    }

    @Test
    void neverDeletesWhatIsNotDecided() throws SQLException {
        // Older than anything, and with a claim that the expiry leaves alone.
        var txId = rows.undecided(Duration.ofDays(3650), phone);
        rows.answer(txId, phone, "accept");

        prune();

        assertThat(rows.exists(txId)).isTrue();
    }

    @Test
    void passesOverARowThatSomebodyWritesAReportOf() throws SQLException {
        var held = rows.decided(OLD, phone);
        var free = rows.decided(OLD, phone);
        try (var report =
                rows.hold("SELECT 1 FROM transaction WHERE tx_id = ? FOR KEY SHARE", held)) {
            prune();

            assertThat(rows.exists(held)).isTrue();
            assertThat(rows.exists(free)).isFalse();
            report.rollback();
        }
        prune();
        assertThat(rows.exists(held)).isFalse();
    }

    /** The batch hangs as long as it ever could: in the midst of its cascade. */
    @Test
    void holdsUpNoAnswerNoStartAndNoDecision() throws Exception {
        var open = rows.open(ItemMode.ACCEPT_DENY, "accept", phone);
        var old = rows.decided(OLD, phone);
        CompletableFuture<@Nullable Long> pruned;
        try (var holder = rows.hold("SELECT 1 FROM delivery WHERE tx_id = ? FOR UPDATE", old)) {
            pruned = decided.prune(ENOUGH).toFuture();
            await().atMost(PROMPTLY).until(() -> rows.waitingForRows() == 1);

            assertThat(rows.answer(open, phone, "accept")).isEqualTo(1);
            rows.open(ItemMode.ACCEPT_DENY, "accept", phone);
            rows.delivered(open, phone, "accepted");
            collector.publish(
                    new ResponseReceived(open, phone, Answer.ACCEPT, Instant.EPOCH, false));
            collector.auditor().await(open.toString());

            assertThat(pruned).isNotDone();
            holder.rollback();
        }
        assertThat(pruned.get(5, TimeUnit.SECONDS)).isPositive();
        assertThat(rows.exists(old)).isFalse();
    }

    @Test
    void twoInstancesShareTheRows() throws Exception {
        prune();
        var one = rows.decided(OLD, phone);
        var other = rows.decided(OLD, phone);
        var gate = new CompletableFuture<@Nullable Void>();

        var first = pruneAndHold(1, gate);
        await().atMost(PROMPTLY).until(() -> isLocked(one) || isLocked(other));
        var second = decided.prune(ENOUGH).block(PROMPTLY);
        gate.complete(null);

        assertThat(second).isEqualTo(1);
        assertThat(first.get(5, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(rows.exists(one)).isFalse();
        assertThat(rows.exists(other)).isFalse();
    }

    @Test
    void countsAnEventOfAPrunedTransactionAsStrayAndGivesUpOnNothing() throws SQLException {
        var txId = rows.decided(OLD, phone);
        prune();
        var stray = collector.part(MeterRegistry.class).counter("nod.collector.events.stray");
        var before = stray.count();

        collector.publish(new ResponseReceived(txId, phone, Answer.ACCEPT, Instant.EPOCH, false));
        collector.awaitWorkedThrough();

        assertThat(stray.count()).isEqualTo(before + 1);
        try (var deadLetters =
                collector.deadLetters(Topic.RESPONSE_RECEIVED, ResponseReceived.class)) {
            assertThat(deadLetters.untilNow(txId.toString())).isEmpty();
        }
    }

    private void prune() {
        decided.prune(ENOUGH).block(PROMPTLY);
    }

    /** Deletes, and commits only when the gate is opened. */
    private CompletableFuture<@Nullable Long> pruneAndHold(
            int limit, CompletableFuture<@Nullable Void> gate) {
        return decided.prune(limit)
                .flatMap(pruned -> Mono.fromFuture(gate).thenReturn(pruned))
                .as(collector.part(TransactionalOperator.class)::transactional)
                .toFuture();
    }

    private boolean isLocked(UUID txId) throws SQLException {
        try (var connection = rows.connect();
                var select =
                        connection.prepareStatement(
                                "SELECT 1 FROM transaction WHERE tx_id = ? FOR UPDATE SKIP"
                                        + " LOCKED")) {
            select.setObject(1, txId);
            try (var row = select.executeQuery()) {
                return !row.next();
            }
        }
    }
}
