package nod.collector.expiry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.collector.CollectorFixture;
import nod.collector.TransactionRows.State;
import nod.schemas.event.Answer;
import nod.schemas.event.ItemMode;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.TransactionStatus;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
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
class ExpirySweepIT {

    private static final int BATCH = 10;

    private final UUID phone = UUID.randomUUID();
    private final UUID tablet = UUID.randomUUID();
    private final CollectorFixture collector = CollectorFixture.sweepingOnDemand(BATCH);
    private final ExpirySweep sweep = collector.part(ExpirySweep.class);

    @AfterAll
    void stop() {
        collector.close();
    }

    @ParameterizedTest
    @CsvSource({
        "accepted, accepted, expired,",
        "accepted, rejected, expired,",
        "rejected, pulled, expired,",
        "rejected, , expired,",
        "rejected, rejected, undeliverable, rejected",
        "no_push_key, rejected, undeliverable, rejected",
        "no_push_key, no_push_key, undeliverable, no_push_key",
        "no_push_key, unreachable, undeliverable, unreachable"
    })
    void closesWhatNobodyAnsweredAndSaysWhy(
            String ofPhone, @Nullable String ofTablet, String status, @Nullable String reason)
            throws SQLException {
        var txId = collector.rows().overdue(phone, tablet);
        collector.rows().delivered(txId, phone, ofPhone);
        if (ofTablet != null) {
            collector.rows().delivered(txId, tablet, ofTablet);
        }

        sweep.closeBatch().block();

        assertThat(collector.rows().state(txId)).isEqualTo(new State(status, reason, null));
        var told = collector.auditor().await(txId.toString()).event();
        assertThat(told.status().text()).isEqualTo(status);
        assertThat(told.answeredBy()).isNull();
    }

    @Test
    void continuesTheTraceOfTheStart() throws SQLException {
        var txId = collector.rows().overdue(phone);
        var trace = collector.rows().startedUnder(txId);

        sweep.closeBatch().block();

        assertThat(collector.auditor().await(txId.toString()).trace()).isEqualTo(trace);
    }

    @Test
    void countsOnlyDevicesThatWereStillAsked() throws SQLException {
        var removed = UUID.randomUUID();
        var txId = collector.rows().overdue(phone);
        collector.rows().delivered(txId, removed, "accepted");
        collector.rows().delivered(txId, phone, "rejected");

        sweep.closeBatch().block();

        assertThat(collector.rows().state(txId).status()).isEqualTo("undeliverable");
    }

    @Test
    void leavesAloneWhatMayStillBeAnsweredOrWasClaimed() throws SQLException {
        var open = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        var claimed = collector.rows().overdue(phone);
        collector.rows().answer(claimed, phone, "accept");

        sweep.closeBatch().block();

        assertThat(collector.rows().state(open).status()).isEqualTo("wait");
        assertThat(collector.rows().state(claimed).status()).isEqualTo("wait");
    }

    @Test
    void yieldsToAClaimThatCameFirst() throws SQLException {
        var txId = collector.rows().overdue(phone);
        try (var gateway = collector.rows().connect()) {
            gateway.setAutoCommit(false);
            collector.rows().answer(gateway, txId, phone, "accept");

            sweep.closeBatch().block(Duration.ofSeconds(5));
            gateway.commit();
        }
        sweep.closeBatch().block(Duration.ofSeconds(5));
        assertThat(collector.rows().state(txId).status()).isEqualTo("wait");

        collector.publish(new ResponseReceived(txId, phone, Answer.ACCEPT, Instant.EPOCH, false));

        assertThat(collector.auditor().await(txId.toString()).event().status())
                .isEqualTo(TransactionStatus.ACCEPT);
    }

    @Test
    void closesTheDoorToAClaimThatComesTooLate() throws Exception {
        var txId = collector.rows().overdue(phone);
        CompletableFuture<@Nullable Boolean> swept;
        CompletableFuture<Integer> claimed;
        try (var gate = collector.rows().connect();
                var lock = gate.createStatement()) {
            gate.setAutoCommit(false);
            lock.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE");
            // The sweep holds the row and waits at the outbox; the claim waits for the row.
            swept = sweep.closeBatch().toFuture();
            await().until(() -> collector.rows().waitingToTell() >= 1);
            claimed = CompletableFuture.supplyAsync(() -> claim(txId));
            await().until(() -> collector.rows().waitingForRows() >= 1);
            gate.rollback();
        }
        swept.get(10, TimeUnit.SECONDS);

        assertThat(claimed.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(collector.rows().state(txId).status()).isEqualTo("expired");
        collector.auditor().await(txId.toString());
        assertThat(collector.auditor().untilNow(txId.toString())).hasSize(1);
    }

    @Test
    void sharesTheWorkWithOtherInstancesAndTellsEachOnce() throws Exception {
        var txIds = new ArrayList<UUID>();
        for (int i = 0; i < 5 * BATCH; i++) {
            txIds.add(collector.rows().overdue(phone));
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
    void doesNotWaitForRowsThatSomebodyElseWorksOn() throws SQLException {
        var busy = collector.rows().overdue(phone);
        var free = collector.rows().overdue(phone);
        try (var other = collector.rows().connect();
                var lock =
                        other.prepareStatement(
                                "SELECT 1 FROM transaction WHERE tx_id = ? FOR UPDATE")) {
            other.setAutoCommit(false);
            lock.setObject(1, busy);
            lock.executeQuery();

            sweep.closeBatch().block(Duration.ofSeconds(5));

            assertThat(collector.rows().state(free).status()).isEqualTo("expired");
            assertThat(collector.rows().state(busy).status()).isEqualTo("wait");
            other.rollback();
        }
        sweep.closeBatch().block(Duration.ofSeconds(5));
        assertThat(collector.rows().state(busy).status()).isEqualTo("expired");
    }

    @Test
    void saysWhetherThereMayBeMore() throws SQLException {
        sweepUntilDone().join();
        for (int i = 0; i < BATCH + 1; i++) {
            collector.rows().overdue(phone);
        }

        assertThat(sweep.closeBatch().block()).isTrue();
        assertThat(sweep.closeBatch().block()).isFalse();
    }

    private CompletableFuture<@Nullable Boolean> sweepUntilDone() {
        return sweep.closeBatch().repeat().takeUntil(more -> !more).last().toFuture();
    }

    private int claim(UUID txId) {
        try {
            return collector.rows().answer(txId, phone, "accept");
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
