package nod.collector.outcome;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;

import nod.collector.CollectorFixture;
import nod.collector.TransactionRows.State;
import nod.messaging.event.Envelope;
import nod.messaging.event.Traceparent;
import nod.schemas.event.Actor;
import nod.schemas.event.Answer;
import nod.schemas.event.ItemMode;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.TransactionStatus;
import nod.schemas.event.TransactionWithdrawn;
import nod.schemas.event.Withdrawal;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClaimDecisionIT {

    private static final Actor CALLER = new Actor(Actor.Kind.API_KEY, "test");

    private final UUID phone = UUID.randomUUID();
    private final CollectorFixture collector = CollectorFixture.sweepingOnDemand(10);

    @AfterAll
    void stop() {
        collector.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ACCEPT_DENY, accept, accept, ACCEPT, accept, matched",
        "ACCEPT_DENY, accept, deny, DENY, deny, declined",
        "NUMBER_MATCHING_2, 07, 07, ITEM, accept, matched",
        "NUMBER_MATCHING_3, 042, 042, ITEM, accept, matched",
        "NUMBER_MATCHING_3, 042, 420, ITEM, deny, wrong_item",
        "NUMBER_ENTRY_6, 001234, 001234, ITEM, accept, matched",
        "NUMBER_ENTRY_6, 001234, report, REPORT, deny, reported"
    })
    void decidesAnAnswerAndTellsItOnce(
            ItemMode mode, String right, String item, Answer answer, String status, String reason)
            throws SQLException {
        var txId = collector.rows().open(mode, right, phone);
        collector.rows().answer(txId, phone, item);

        var trace = collector.publish(response(txId, answer));

        var told = collector.auditor().await(txId.toString());
        assertThat(told.trace()).isEqualTo(trace);
        assertThat(told.event().user()).isEqualTo("ann");
        assertThat(told.event().status().text()).isEqualTo(status);
        assertThat(told.event().answeredBy()).isEqualTo(phone);
        assertThat(collector.rows().state(txId)).isEqualTo(new State(status, reason, phone));
        assertThat(collector.auditor().untilNow(txId.toString())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"CANCELLED", "SUPERSEDED"})
    void closesAWithdrawnTransaction(Withdrawal withdrawal) throws SQLException {
        var txId = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        collector.rows().withdraw(txId, withdrawal.text());

        collector.publish(new TransactionWithdrawn(txId, withdrawal, Instant.EPOCH, CALLER));

        var told = collector.auditor().await(txId.toString()).event();
        assertThat(told.status()).isEqualTo(TransactionStatus.CANCELLED);
        assertThat(told.reason()).isEqualTo(OutcomeReason.valueOf(withdrawal.name()));
        assertThat(told.answeredBy()).isNull();
        assertThat(collector.rows().state(txId))
                .isEqualTo(new State("cancelled", withdrawal.text(), null));
    }

    @Test
    void ignoresAnEventThatComesTwice() throws SQLException {
        var txId = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        collector.rows().answer(txId, phone, "accept");
        var envelope =
                new Envelope<>(
                        UUID.randomUUID(),
                        Instant.EPOCH,
                        Traceparent.start(),
                        response(txId, Answer.ACCEPT));

        collector.publish(envelope);
        collector.publish(envelope);
        collector.auditor().await(txId.toString());
        collector.publish(envelope);

        collector.awaitWorkedThrough();
        assertThat(collector.auditor().untilNow(txId.toString())).hasSize(1);
    }

    @Test
    void decidesByTheRowAndNotByWhatTheEventSays() throws SQLException {
        var txId = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        collector.rows().answer(txId, phone, "deny");

        collector.publish(response(txId, Answer.ACCEPT));

        assertThat(collector.auditor().await(txId.toString()).event().status())
                .isEqualTo(TransactionStatus.DENY);
    }

    @Test
    void decidesNothingByALateReport() throws SQLException {
        var txId = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        collector.rows().answer(txId, phone, "accept");

        collector.publish(new ResponseReceived(txId, phone, Answer.REPORT, Instant.EPOCH, true));

        collector.awaitWorkedThrough();
        assertThat(collector.rows().state(txId).status()).isEqualTo("wait");
        assertThat(collector.auditor().untilNow(txId.toString())).isEmpty();
    }

    @Test
    void neverChangesADecision() throws SQLException {
        var txId = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        collector.rows().answer(txId, phone, "accept");
        collector.publish(response(txId, Answer.ACCEPT));
        collector.auditor().await(txId.toString());

        collector.publish(response(txId, Answer.DENY));
        collector.publish(
                new TransactionWithdrawn(txId, Withdrawal.CANCELLED, Instant.EPOCH, CALLER));

        collector.awaitWorkedThrough();
        assertThat(collector.rows().state(txId)).isEqualTo(new State("accept", "matched", phone));
        assertThat(collector.auditor().untilNow(txId.toString())).hasSize(1);
    }

    @Test
    void countsAnEventWhoseTransactionIsGoneAndGoesOn() throws SQLException {
        var gone = UUID.randomUUID();
        var stray = collector.part(MeterRegistry.class).counter(OutcomeMetrics.STRAY);
        var before = stray.count();

        collector.publish(response(gone, Answer.ACCEPT));

        await().atMost(10, TimeUnit.SECONDS).until(() -> stray.count() == before + 1);
        collector.awaitWorkedThrough();
    }

    @Test
    void leavesOpenWhatNobodyClaimed() throws SQLException {
        var txId = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);

        collector.publish(response(txId, Answer.ACCEPT));

        collector.awaitWorkedThrough();
        assertThat(collector.rows().state(txId)).isEqualTo(new State("wait", null, null));
    }

    @Test
    void decidesOnceWhereTwoInstancesSeeTheSameClaim() throws Exception {
        var txId = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        collector.rows().answer(txId, phone, "accept");
        var decider = collector.part(ClaimDecider.class);
        var traces = Map.of(txId, Traceparent.start());
        CompletableFuture<@Nullable Void> first;
        CompletableFuture<@Nullable Void> second;
        try (var gate = collector.rows().connect();
                var lock = gate.createStatement()) {
            gate.setAutoCommit(false);
            lock.execute("SELECT 1 FROM transaction WHERE tx_id = '" + txId + "' FOR UPDATE");
            // Both have judged the claim, and wait for the row.
            first = decider.decide(traces).toFuture();
            second = decider.decide(traces).toFuture();
            await().until(() -> collector.rows().waitingForRows() >= 2);
            gate.rollback();
        }
        first.get(10, TimeUnit.SECONDS);
        second.get(10, TimeUnit.SECONDS);

        collector.auditor().await(txId.toString());
        assertThat(collector.auditor().untilNow(txId.toString())).hasSize(1);
    }

    @Test
    void decidesAMixedBatchAndKeepsEachTrace() throws SQLException {
        var accepted = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        var wrong = collector.rows().open(ItemMode.NUMBER_MATCHING_2, "11", phone);
        var cancelled = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        collector.rows().answer(accepted, phone, "accept");
        collector.rows().answer(wrong, phone, "12");
        collector.rows().withdraw(cancelled, "cancelled");
        var traces =
                Map.of(
                        accepted, Traceparent.start(),
                        wrong, Traceparent.start(),
                        cancelled, Traceparent.start());

        collector.part(ClaimDecider.class).decide(traces).block();

        for (var txId : traces.keySet()) {
            assertThat(collector.auditor().await(txId.toString()).trace())
                    .isEqualTo(traces.get(txId));
        }
        assertThat(collector.rows().state(accepted).status()).isEqualTo("accept");
        assertThat(collector.rows().state(wrong).reason()).isEqualTo("wrong_item");
        assertThat(collector.rows().state(cancelled).status()).isEqualTo("cancelled");
    }

    @Test
    void saysThatItIsReadyAndWhatItDecided() throws Exception {
        var txId = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
        collector.rows().answer(txId, phone, "accept");
        collector.publish(response(txId, Answer.ACCEPT));
        collector.auditor().await(txId.toString());

        assertThat(get("/actuator/health/liveness")).contains("UP");
        assertThat(get("/actuator/health/readiness")).contains("UP");
        await().untilAsserted(
                        () ->
                                assertThat(get("/actuator/prometheus"))
                                        .contains("nod_collector_outcomes_total{")
                                        .contains("reason=\"matched\"")
                                        .contains("nod_collector_decision_latency_seconds_count"));
    }

    private String get(String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var uri = URI.create("http://localhost:" + collector.port() + path);
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
        }
    }

    private ResponseReceived response(UUID txId, Answer answer) {
        return new ResponseReceived(txId, phone, answer, Instant.EPOCH, false);
    }
}
