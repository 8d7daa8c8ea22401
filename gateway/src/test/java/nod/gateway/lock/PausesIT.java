package nod.gateway.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import nod.gateway.RunningGateway;
import nod.messaging.event.Envelope;
import nod.messaging.event.Traceparent;
import nod.messaging.testing.EventLogReader;
import nod.messaging.testing.TestServers;
import nod.schemas.event.Actor;
import nod.schemas.event.LockReason;
import nod.schemas.event.LockState;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.Topic;
import nod.schemas.event.TransactionStatus;
import nod.schemas.event.UserLocked;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** When a user is not asked, and when again. No dispatcher and no response-collector runs here. */
class PausesIT {

    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final Duration LOGIN = Duration.ofSeconds(60);

    private static TestServers servers;
    private static RunningGateway gateway;

    private Person person;

    @BeforeAll
    static void start() {
        servers = new TestServers();
        gateway = RunningGateway.start(servers);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @BeforeEach
    void enrol() {
        person = Person.enrolled(servers, gateway);
    }

    @Test
    void isPausedByADenyWhenThePhoneHasIts204() {
        person.deny();

        var refused = person.tryStart().expectStatus().isEqualTo(429);
        var seconds = refused.returnResult(Void.class).getResponseHeaders().getFirst("Retry-After");

        assertThat(Integer.parseInt(String.valueOf(seconds))).isBetween(1, 30);
        assertThat(RunningGateway.body(person.tryStart()).path("detail").asString())
                .matches("Request was throttled\\. Expected available in \\d+ seconds?\\.");
        assertThat(events(1))
                .satisfiesExactly(
                        told -> {
                            assertThat(told.state()).isEqualTo(LockState.PAUSED);
                            assertThat(told.reason()).isEqualTo(LockReason.DECLINED);
                            assertThat(told.until()).isAfter(Instant.EPOCH);
                            assertThat(told.by())
                                    .isEqualTo(
                                            new Actor(
                                                    Actor.Kind.DEVICE,
                                                    person.phone().device().toString()));
                        });
    }

    @Test
    void isAskedAgainWhenThePauseIsOver() {
        person.deny();
        person.pass("30 seconds");

        person.tryStart().expectStatus().isCreated();
        assertThat(person.listed().isMissingNode()).isTrue();
    }

    @Test
    void isPausedTwiceAsLongEachTimeUpToAnHour() {
        for (long longest : new long[] {30, 60, 120, 240, 480, 960, 1920, 3600, 3600}) {
            person.deny();

            assertThat(person.refused())
                    .isBetween(Duration.ofSeconds(longest * 3 / 4), Duration.ofSeconds(longest));
            person.pass(longest + " seconds");
        }
    }

    @Test
    void beginsAnewAfterAnAcceptThatNobodyHasDecidedYet() {
        person.deny();
        person.pass("30 seconds");
        person.accept();

        person.deny();

        assertThat(person.refused()).isLessThanOrEqualTo(FIRST);
    }

    @Test
    void beginsAnewAfterADecidedAccept() {
        person.deny();
        person.decided("deny", "declined");
        person.pass("30 seconds");
        var accepted = person.start();
        person.change(
                """
                UPDATE transaction
                SET claim = 'answer', claimed_by = devices[1], claimed_item = item,
                    claimed_at = now(), decided = now(), status = 'accept', reason = 'matched'
                WHERE tx_id = ?
                """,
                UUID.fromString(accepted));

        person.deny();

        assertThat(person.refused()).isLessThanOrEqualTo(FIRST);
    }

    @Test
    void beginsAnewAfterADay() {
        person.deny();
        person.pass("24 hours");

        person.deny();

        assertThat(person.refused()).isLessThanOrEqualTo(FIRST);
    }

    @Test
    void remembersForADay() {
        person.deny();
        person.pass("23 hours 59 minutes");

        person.deny();

        assertThat(person.refused()).isGreaterThan(FIRST);
    }

    @Test
    void isPausedByAWrongNumberBeforeItIsDecidedAndAfter() {
        person.mistype();

        assertThat(person.refused()).isLessThanOrEqualTo(FIRST);
        person.decided("deny", "wrong_item");
        assertThat(person.refused()).isLessThanOrEqualTo(FIRST);
        assertThat(person.listed().path("reason").asString()).isEqualTo("wrong_item");
        assertThat(events(1))
                .extracting(UserLocked::reason, told -> told.by().id())
                .containsExactly(tuple(LockReason.WRONG_ITEM, "gateway"));
    }

    @Test
    void isNotAskedAFourthTimeWhileTheThirdIsOpen() {
        person.start();
        person.start();
        var third = person.start();

        assertThat(person.refused()).isBetween(LOGIN, LOGIN.plus(FIRST));
        assertThat(person.listed().isMissingNode()).isTrue();
        assertThat(person.phone().answer(third, "deny")).isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"expired", "cancelled"})
    void isPausedByTheThirdThatWentUnanswered(String how) {
        for (int i = 0; i < 3; i++) {
            var txId = person.start();
            if (how.equals("expired")) {
                person.expire(txId);
            } else {
                person.cancel(txId);
            }
        }

        assertThat(person.refused()).isLessThanOrEqualTo(FIRST);
        assertThat(person.listed().path("reason").asString()).isEqualTo("unanswered");
    }

    @Test
    void isPausedByTheThirdThatWasDecidedAsUnanswered() {
        for (int i = 0; i < 3; i++) {
            person.cancel(person.start());
        }
        person.decided("cancelled", "cancelled");

        assertThat(person.refused()).isLessThanOrEqualTo(FIRST);
    }

    @Test
    void forgivesTwoUnansweredInTenMinutes() {
        for (int i = 0; i < 5; i++) {
            person.cancel(person.start());
            person.cancel(person.start());
            person.pass("10 minutes");
        }

        person.tryStart().expectStatus().isCreated();
    }

    @Test
    void doesNotCountWhatIsKnownToHaveReachedNoPhone() {
        for (int i = 0; i < 5; i++) {
            var txId = person.start();
            delivery(txId, person.phone().device(), "unreachable");
            person.cancel(txId);
        }
        var open = person.start();
        delivery(open, person.phone().device(), "no_push_key");

        person.tryStart().expectStatus().isCreated();
    }

    @Test
    void countsWhatMayHaveReachedOneOfTwoPhones() {
        gateway.enrol(person.user());
        for (int i = 0; i < 3; i++) {
            var txId = person.start();
            delivery(txId, person.phone().device(), "rejected");
            person.cancel(txId);
        }

        assertThat(person.refused()).isLessThanOrEqualTo(FIRST);
    }

    @Test
    void countsWhatReachedAPhoneThatWasRemovedSince() {
        var other = gateway.enrol(person.user());
        for (int i = 0; i < 3; i++) {
            var txId = person.start();
            delivery(txId, person.phone().device(), "rejected");
            delivery(txId, other.device(), "accepted");
            person.change(
                    "UPDATE transaction SET devices = devices[1:1] WHERE tx_id = ?",
                    UUID.fromString(txId));
            person.cancel(txId);
        }

        assertThat(person.refused()).isLessThanOrEqualTo(FIRST);
    }

    @Test
    void answersAnIdempotencyKeyAsBefore() {
        var key = Map.of("Idempotency-Key", UUID.randomUUID().toString());
        var txId = Person.txId(person.tryStart(key).expectStatus().isCreated());
        assertThat(person.phone().answer(txId, "deny")).isEqualTo(204);

        assertThat(Person.txId(person.tryStart(key).expectStatus().isOk())).isEqualTo(txId);
        person.refused();
    }

    @Test
    void isListedWithReasonAndTime() {
        person.deny();
        var another = Person.enrolled(servers, gateway);
        another.deny();

        var listed = person.listed();
        assertThat(listed.path("reason").asString()).isEqualTo("declined");
        assertThat(
                        Duration.between(
                                Instant.parse(listed.path("since").asString()),
                                Instant.parse(listed.path("until").asString())))
                .isEqualTo(FIRST);
        var page =
                RunningGateway.body(
                        gateway.deployment()
                                .get()
                                .uri("/authenticators/mobile/locks/?page_size=1")
                                .exchange());
        assertThat(page.path("results").path(0).path("user").asString()).isEqualTo(another.user());
        assertThat(page.path("pagination").path("total_pages").asInt()).isGreaterThan(1);
    }

    @Test
    void isReleasedAndForgiven() {
        person.deny();
        person.pass("30 seconds");
        person.deny();

        assertThat(person.release()).isEqualTo(204);
        assertThat(person.release()).isEqualTo(404);

        person.deny();
        assertThat(person.refused()).isLessThanOrEqualTo(FIRST);
        assertThat(events(4))
                .extracting(UserLocked::state)
                .containsExactly(
                        LockState.PAUSED, LockState.PAUSED, LockState.RELEASED, LockState.PAUSED);
    }

    @Test
    void isReleasedFromAPauseThatNobodyHasNoticedYet() {
        person.mistype();

        assertThat(person.release()).isEqualTo(204);

        person.tryStart().expectStatus().isCreated();
    }

    @Test
    void hasNothingToBeReleasedFromWhenThePauseIsOver() {
        person.deny();
        person.pass("30 seconds");

        assertThat(person.release()).isEqualTo(404);
    }

    @Test
    void aReportLocksWhateverPauseThereWas() {
        var first = person.start();
        person.deny();

        assertThat(person.phone().answer(first, "report")).isEqualTo(204);

        assertThat(
                        person.tryStart()
                                .returnResult(Void.class)
                                .getResponseHeaders()
                                .toSingleValueMap())
                .doesNotContainKey("Retry-After");
        person.pass("1 hour");
        person.tryStart().expectStatus().isEqualTo(429);
        assertThat(person.listed().path("until").isNull()).isTrue();
    }

    @Test
    void aPauseNeverReplacesALock() throws Exception {
        var first = person.start();
        person.mistype();
        assertThat(person.phone().answer(first, "report")).isEqualTo(204);

        handle(outcome(TransactionStatus.DENY));

        assertThat(person.listed().path("until").isNull()).isTrue();
        assertThat(events(1)).hasSize(1);
    }

    @Test
    void hearsAReportForADay() {
        var txId = person.start();
        person.pass("23 hours");
        assertThat(person.phone().answer(txId, "report")).isEqualTo(204);
        person.tryStart().expectStatus().isEqualTo(429);
        assertThat(person.release()).isEqualTo(204);

        person.pass("2 hours");
        assertThat(person.phone().answer(txId, "report")).isEqualTo(404);
        person.tryStart().expectStatus().isCreated();
    }

    @Test
    void anOutcomeHasAPauseWrittenDownOnce() throws Exception {
        person.mistype();

        handle(outcome(TransactionStatus.DENY), outcome(TransactionStatus.DENY));
        handle(outcome(TransactionStatus.DENY));

        assertThat(person.listed().path("reason").asString()).isEqualTo("wrong_item");
        person.refused();
        assertThat(events(1)).hasSize(1);
    }

    @Test
    void anOutcomeOfLongAgoIsNotLookedAt() throws Exception {
        person.mistype();

        handle(outcome(person, TransactionStatus.DENY, Instant.now().minus(Duration.ofHours(3))));

        assertThat(person.listed().isMissingNode()).isTrue();
        person.refused();
    }

    @Test
    void anOutcomeThatOwesNothingWritesNothing() throws Exception {
        person.cancel(person.start());

        handle(outcome(TransactionStatus.CANCELLED), outcome(TransactionStatus.ACCEPT));

        assertThat(person.listed().isMissingNode()).isTrue();
    }

    @Test
    void countsTheStartsThatItRefuses() {
        var before = refusals();
        person.deny();

        person.refused();
        person.refused();

        assertThat(refusals() - before).isEqualTo(2);
    }

    private void delivery(String txId, UUID device, String state) {
        person.change(
                "INSERT INTO delivery (tx_id, device, state) VALUES ('%s', ?, '%s')"
                        .formatted(txId, state),
                device);
    }

    private static double refusals() {
        return gateway.metrics()
                .get("nod.gateway.starts.refused")
                .tag("reason", "declined")
                .counter()
                .count();
    }

    private List<UserLocked> events(int atLeast) {
        try (var auditor =
                new EventLogReader<>(
                        servers.bootstrapServers(), Topic.USER_LOCKED, UserLocked.class)) {
            return auditor.await(person.user(), atLeast).stream().map(Envelope::event).toList();
        }
    }

    private OutcomeDecided outcome(TransactionStatus status) {
        return outcome(person, status, Instant.now());
    }

    static OutcomeDecided outcome(Person person, TransactionStatus status, Instant decided) {
        return new OutcomeDecided(
                UUID.randomUUID(), person.user(), status, null, null, decided, decided);
    }

    private static void handle(OutcomeDecided... outcomes) throws Exception {
        handle(gateway, outcomes);
    }

    /** Has the gateway look at outcomes as if they came from Kafka. */
    static void handle(RunningGateway gateway, OutcomeDecided... outcomes) throws Exception {
        var batch =
                Arrays.stream(outcomes)
                        .map(
                                outcome ->
                                        new Envelope<>(
                                                UUID.randomUUID(),
                                                Instant.EPOCH,
                                                Traceparent.start(),
                                                outcome))
                        .toList();
        CompletableFuture.allOf(
                        gateway.part(PausesAfterOutcomes.class).handle(batch).stream()
                                .map(stage -> stage.toCompletableFuture())
                                .toArray(CompletableFuture<?>[]::new))
                .get(10, TimeUnit.SECONDS);
    }
}
