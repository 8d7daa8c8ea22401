package nod.collector.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;

import nod.collector.CollectorFixture;
import nod.collector.TransactionRows.State;
import nod.schemas.event.Actor;
import nod.schemas.event.Answer;
import nod.schemas.event.ItemMode;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.TransactionWithdrawn;
import nod.schemas.event.Withdrawal;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecoverySweepIT {

    private static final int BATCH = 10;
    private static final Duration LONG = Duration.ofSeconds(31);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Actor CALLER = new Actor(Actor.Kind.API_KEY, "test");

    private final UUID phone = UUID.randomUUID();
    private final CollectorFixture collector = CollectorFixture.sweepingOnDemand(BATCH);
    private final RecoverySweep sweep = collector.part(RecoverySweep.class);

    @BeforeEach
    void leaveNothing() {
        sweepUntilDone().join();
    }

    @AfterAll
    void stop() {
        collector.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPT_DENY, accept, accept, accept, matched",
        "ACCEPT_DENY, accept, deny, deny, declined",
        "NUMBER_MATCHING_3, 142, 241, deny, wrong_item",
        "NUMBER_ENTRY_6, 001234, report, deny, reported"
    })
    void decidesAnAnswerWhoseEventDidNotComeAndTellsItOnce(
            ItemMode mode, String right, String item, String status, String reason)
            throws SQLException {
        var before = recovered();
        var txId = collector.rows().open(mode, right, phone);
        collector.rows().answer(txId, phone, item);
        collector.rows().claimedAgo(txId, LONG);

        sweep.decideBatch().block(PATIENCE);

        assertThat(collector.rows().state(txId)).isEqualTo(new State(status, reason, phone));
        assertThat(collector.auditor().await(txId.toString()).event().status().text())
                .isEqualTo(status);
        assertThat(collector.auditor().untilNow(txId.toString())).hasSize(1);
        assertThat(recovered() - before).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"cancelled", "superseded"})
    void closesAWithdrawnTransactionWhoseEventDidNotCome(String claim) throws SQLException {
        var txId = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        collector.rows().withdraw(txId, claim);
        collector.rows().claimedAgo(txId, LONG);

        sweep.decideBatch().block(PATIENCE);

        assertThat(collector.rows().state(txId)).isEqualTo(new State("cancelled", claim, null));
        collector.auditor().await(txId.toString());
    }

    @Test
    void continuesTheTraceOfTheStart() throws SQLException {
        var txId = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        var trace = collector.rows().startedUnder(txId);
        collector.rows().answer(txId, phone, "accept");
        collector.rows().claimedAgo(txId, LONG);

        sweep.decideBatch().block(PATIENCE);

        assertThat(collector.auditor().await(txId.toString()).trace()).isEqualTo(trace);
    }

    @Test
    void leavesAnEventItsTime() throws SQLException {
        var fresh = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        collector.rows().answer(fresh, phone, "accept");
        var open = collector.rows().overdue(phone);
        var late = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        collector.rows().answer(late, phone, "accept");
        collector.rows().claimedAgo(late, Duration.ofSeconds(20));

        sweep.decideBatch().block(PATIENCE);

        assertThat(collector.rows().state(fresh).status()).isEqualTo("wait");
        assertThat(collector.rows().state(open).status()).isEqualTo("wait");
        assertThat(collector.rows().state(late).status()).isEqualTo("wait");
    }

    /** As when Kafka is away for longer, and the event waits in the gateway's outbox. */
    @Test
    void doesNoHarmWhereTheEventIsOnlyLate() throws SQLException {
        var metrics = collector.part(MeterRegistry.class);
        var stray = metrics.counter("nod.collector.events.stray");
        var before = stray.count();
        var answered = claimedLongAgo();
        var withdrawn = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        collector.rows().withdraw(withdrawn, "cancelled");
        collector.rows().claimedAgo(withdrawn, LONG);
        sweep.decideBatch().block(PATIENCE);

        var trace = collector.publish(response(answered));
        collector.publish(
                new TransactionWithdrawn(withdrawn, Withdrawal.CANCELLED, Instant.EPOCH, CALLER));
        collector.awaitWorkedThrough();

        assertThat(collector.rows().state(answered))
                .isEqualTo(new State("accept", "matched", phone));
        assertThat(collector.auditor().await(answered.toString()).trace()).isNotEqualTo(trace);
        assertThat(collector.auditor().untilNow(answered.toString())).hasSize(1);
        assertThat(collector.auditor().untilNow(withdrawn.toString())).hasSize(1);
        assertThat(stray.count()).isEqualTo(before);
        assertThat(metrics.get("nod.dead.letters").counters())
                .allMatch(counter -> counter.count() == 0);
    }

    @Test
    void yieldsToTheEventThatCameFirst() throws SQLException {
        var before = recovered();
        var txId = claimedLongAgo();
        try (var gate = collector.rows().connect();
                var lock = gate.createStatement()) {
            gate.setAutoCommit(false);
            lock.execute("SELECT 1 FROM transaction WHERE tx_id = '" + txId + "' FOR UPDATE");
            // The event's decision is the next to have the row.
            collector.publish(response(txId));
            await().until(() -> collector.rows().waitingForRows() >= 1);

            assertThat(sweep.decideBatch().block(PATIENCE)).isFalse();
            gate.rollback();
        }

        collector.auditor().await(txId.toString());
        sweep.decideBatch().block(PATIENCE);
        assertThat(collector.auditor().untilNow(txId.toString())).hasSize(1);
        assertThat(recovered()).isEqualTo(before);
    }

    @Test
    void isFoundDoneByTheEventThatComesSecond() throws Exception {
        var before = recovered();
        var txId = claimedLongAgo();
        CompletableFuture<@Nullable Boolean> swept;
        try (var gate = collector.rows().connect();
                var lock = gate.createStatement()) {
            gate.setAutoCommit(false);
            lock.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE");
            // Both wait at the outbox, and the sweep holds the row.
            swept = sweep.decideBatch().toFuture();
            await().until(() -> collector.rows().waitingToTell() >= 1);
            collector.publish(response(txId));
            await().until(() -> collector.rows().waitingToTell() >= 2);
            gate.rollback();
        }
        swept.get(10, TimeUnit.SECONDS);
        collector.awaitWorkedThrough();

        collector.auditor().await(txId.toString());
        assertThat(collector.auditor().untilNow(txId.toString())).hasSize(1);
        assertThat(recovered() - before).isEqualTo(1);
    }

    @Test
    void sharesTheWorkWithOtherInstancesAndTellsEachOnce() throws Exception {
        var txIds = new ArrayList<UUID>();
        for (int i = 0; i < 5 * BATCH; i++) {
            txIds.add(claimedLongAgo());
        }

        var one = sweepUntilDone();
        var other = sweepUntilDone();
        one.get(20, TimeUnit.SECONDS);
        other.get(20, TimeUnit.SECONDS);

        for (var txId : txIds) {
            collector.auditor().await(txId.toString());
            assertThat(collector.auditor().untilNow(txId.toString())).hasSize(1);
        }
    }

    @Test
    void isNotStoppedByAClaimThatThisVersionCannotDecide() throws SQLException {
        var unknown = claimedLongAgo();
        collector.rows().claimedAgo(unknown, Duration.ofHours(1));
        setUnknownMode(unknown);
        var known = claimedLongAgo();

        sweep.decideBatch().block(PATIENCE);
        var behind = claimedLongAgo();
        sweep.decideBatch().block(PATIENCE);

        assertThat(collector.rows().state(known).status()).isEqualTo("accept");
        assertThat(collector.rows().state(behind).status()).isEqualTo("accept");
        assertThat(collector.rows().state(unknown).status()).isEqualTo("wait");
    }

    @Test
    void saysWhetherThereMayBeMore() throws SQLException {
        for (int i = 0; i < BATCH + 1; i++) {
            claimedLongAgo();
        }

        assertThat(sweep.decideBatch().block(PATIENCE)).isTrue();
        assertThat(sweep.decideBatch().block(PATIENCE)).isFalse();
    }

    private UUID claimedLongAgo() throws SQLException {
        var txId = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        collector.rows().answer(txId, phone, "accept");
        collector.rows().claimedAgo(txId, LONG);
        return txId;
    }

    /** As a newer gateway would, whose migration allows it. */
    private void setUnknownMode(UUID txId) throws SQLException {
        try (var connection = collector.rows().connect();
                var statement = connection.createStatement()) {
            statement.execute("ALTER TABLE transaction DROP CONSTRAINT transaction_mode_check");
            statement.execute(
                    "UPDATE transaction SET mode = 'fingerprint' WHERE tx_id = '" + txId + "'");
        }
    }

    private CompletableFuture<@Nullable Boolean> sweepUntilDone() {
        return sweep.decideBatch().repeat().takeUntil(more -> !more).last().toFuture();
    }

    private double recovered() {
        return collector.part(MeterRegistry.class).counter(RecoverySweep.RECOVERED).count();
    }

    private ResponseReceived response(UUID txId) {
        return new ResponseReceived(txId, phone, Answer.ACCEPT, Instant.EPOCH, false);
    }
}
