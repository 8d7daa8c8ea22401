package nod.standalone.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.messaging.event.Envelope;
import nod.messaging.testing.EventLogReader;
import nod.schemas.event.DeliveryReported;
import nod.schemas.event.DeviceChanged;
import nod.schemas.event.Event;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.Topic;
import nod.schemas.event.TransactionStarted;
import nod.schemas.event.TransactionStatus;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.Operator;
import nod.standalone.RestorableSystem;
import nod.standalone.e2e.Auditor;
import nod.standalone.e2e.Authentik;
import nod.standalone.e2e.Authentik.Login;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** One of the two servers goes back to an earlier time, or loses all, while the other went on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestoreIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private RestorableSystem system;
    private Authentik authentik;
    private Operator operator;
    private final Set<UUID> started = new HashSet<>();

    @BeforeAll
    void start(@TempDir Path folder) throws InterruptedException {
        system =
                new RestorableSystem(
                        folder, Map.of("nod.response-collector.recovery.after", "10s"));
        authentik = system.authentik();
        operator = new Operator(system.standalone().kafka().bootstrapServers());
    }

    @AfterAll
    void stop() {
        system.close();
    }

    /** Whatever was put back: nothing is stuck, and nothing was put aside. */
    @AfterEach
    void worksAndHasNoDeadLetters() {
        system.awaitStarts();
        logsIn("after", system.phone("after"), 1);
        assertThat(operator.deadLetters()).isZero();
    }

    @Test
    void postgresGoesBackWhileKafkaWentOn() throws Exception {
        var ann = system.phone("ann");
        var open = start("ann", 300);
        system.phone("bob");
        var forgotten = start("bob", 10);
        var cid = system.phone("cid");
        var answered = start("cid", 300);
        var backup = copyWithAnAnswerInTheOutbox(cid);

        ann.accept(ann.awaitPush(PATIENCE));
        isDecided(open, "accept");
        isDecided(answered, "accept");
        ann.checkIn();
        ann.checkIn();
        var dan = system.phone("dan");
        var gone = logsIn("dan", dan, 1).getFirst();

        system.setPostgresBack(backup);
        system.awaitStarts();

        assertThat(authentik.call("GET", path(gone), null).status()).isEqualTo(404);
        assertThat(dan.send("GET", "transactions/", null).status()).isEqualTo(403);
        isPassedOverByEverybody(gone);
        isOpenAgainAndCanBeDecidedOtherwise(open, ann);
        isDecided(forgotten, "expired");
        isToldOnceMore(answered);
        countsFromTheBackupOn(ann);
    }

    @Test
    void kafkaLosesAllWhilePostgresWentOn() throws Exception {
        var eve = system.phone("eve");
        var open = start("eve", 300);
        var fay = system.phone("fay");
        var claimed = start("fay", 300);
        assertThat(fay.awaitPush(PATIENCE).txId()).isEqualTo(claimed.txId());
        var topics = operator.topics();
        var waiting = CompletableFuture.supplyAsync(() -> authentik.await(open, 60));

        system.standalone().kafka().stop();
        isClaimedByAnAnswerOfWhichKafkaLostTheEvent(claimed, fay);
        system.loseKafka();

        await().atMost(PATIENCE).until(() -> operator.topics().containsAll(topics));
        eve.accept(eve.pull().getFirst());
        assertThat(waiting.get().status()).isEqualTo("accept");
        isDecided(claimed, "accept");
        assertThat(counted(collector(), "nod_collector_claims_recovered_total")).isPositive();
        var auditor = new Auditor(system.standalone().kafka().bootstrapServers());
        for (var login : List.of(open, claimed)) {
            auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
        }
        eve.awaitPush(PATIENCE);
        sharesNoProducerIdWithANewcomer(logsIn("eve", eve, 1).getFirst(), eve);
    }

    /** Positions of the readers then lie behind the ends of the partitions. */
    @Test
    void kafkaGoesBackWhilePostgresWentOn() {
        var gil = system.phone("gil");
        system.standalone().kafka().stop();
        var backup = system.copyStoppedKafka();
        system.standalone().kafka().start();
        system.awaitStarts();
        logsIn("gil", gil, 10);

        system.setKafkaBack(backup);
        system.awaitStarts();

        var auditor = new Auditor(system.standalone().kafka().bootstrapServers());
        for (var login : logsIn("gil", gil, 10)) {
            auditor.seesOneOutcome(login, TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
        }
    }

    /** The answer's event can't leave, and is in the copy. */
    private Path copyWithAnAnswerInTheOutbox(VirtualPhone phone) throws InterruptedException {
        var prompt = phone.awaitPush(PATIENCE);
        system.standalone().kafka().stop();
        phone.accept(prompt);
        var copy = system.copyPostgres();
        system.standalone().kafka().start();
        system.awaitStarts();
        return copy;
    }

    /** A Kafka that lost all gives out the ids that are in use, to a gateway that is new, say. */
    private void sharesNoProducerIdWithANewcomer(Login decided, VirtualPhone phone) {
        for (int newcomer = 0; newcomer < 5; newcomer++) {
            operator.repeats(
                    Topic.TRANSACTION_STARTED, TransactionStarted.class, decided.txId().toString());
        }
        logsIn("eve", phone, 10);
    }

    private void isClaimedByAnAnswerOfWhichKafkaLostTheEvent(Login login, VirtualPhone phone)
            throws SQLException {
        var claimed =
                system.execute(
                        """
                        UPDATE transaction SET claim = 'answer', claimed_by = '%s',
                            claimed_item = 'accept', claimed_at = now()
                        WHERE tx_id = '%s'
                        """
                                .formatted(phone.device(), login.txId()));
        assertThat(claimed).isEqualTo(1);
    }

    /** Its events are read once more: they say nothing to anybody, and are no dead letters. */
    private void isPassedOverByEverybody(Login login) {
        var key = login.txId().toString();
        passesOver(
                system.standalone().dispatcherManagementUri(),
                () -> operator.repeats(Topic.TRANSACTION_STARTED, TransactionStarted.class, key),
                "nod_dispatcher_not_pushed_total",
                "missing");
        passesOver(
                system.standalone().gatewayManagementUri(),
                () -> operator.repeats(Topic.DELIVERY_REPORTED, DeliveryReported.class, key),
                "nod_gateway_reports_stray_total");
        passesOver(
                collector(),
                () -> operator.repeats(Topic.RESPONSE_RECEIVED, ResponseReceived.class, key),
                "nod_collector_events_stray_total");
    }

    private void passesOver(URI service, Runnable repeat, String... counter) {
        var before = counted(service, counter);
        repeat.run();
        await().atMost(PATIENCE).until(() -> counted(service, counter) > before);
    }

    private void isOpenAgainAndCanBeDecidedOtherwise(Login login, VirtualPhone phone) {
        assertThat(authentik.show(login).status()).isEqualTo("wait");
        phone.deny(phone.pull().getFirst());
        isDecided(login, "deny");
        assertThat(outcomes(login, 2))
                .extracting(told -> told.event().status())
                .containsExactly(TransactionStatus.ACCEPT, TransactionStatus.DENY);
    }

    /** The event that came back keeps its id; the decision is made and told anew. */
    private void isToldOnceMore(Login login) {
        isDecided(login, "accept");
        var told = outcomes(login, 2);
        assertThat(told).allMatch(one -> one.event().status() == TransactionStatus.ACCEPT);
        assertThat(told.stream().map(Envelope::id).distinct()).hasSize(2);
        try (var reader = reader(Topic.RESPONSE_RECEIVED, ResponseReceived.class)) {
            var responses = reader.await(login.txId().toString(), 2);
            assertThat(responses.stream().map(Envelope::id).distinct()).hasSize(1);
        }
    }

    private void countsFromTheBackupOn(VirtualPhone phone) {
        phone.checkIn();
        try (var reader = reader(Topic.DEVICE_CHANGED, DeviceChanged.class)) {
            var sequences =
                    reader.await(phone.device().toString(), 6).stream()
                            .map(change -> change.event().sequence())
                            .toList();
            assertThat(sequences).containsExactly(1L, 2L, 3L, 4L, 5L, 4L);
        }
    }

    private List<Envelope<OutcomeDecided>> outcomes(Login login, int count) {
        try (var reader = reader(Topic.OUTCOME_DECIDED, OutcomeDecided.class)) {
            return reader.await(login.txId().toString(), count);
        }
    }

    private <E extends Event> EventLogReader<E> reader(Topic topic, Class<E> type) {
        return new EventLogReader<>(system.standalone().kafka().bootstrapServers(), topic, type);
    }

    /** Logins of one user, one after the other, each pushed, answered and decided. */
    private List<Login> logsIn(String user, VirtualPhone phone, int times) {
        var logins = new ArrayList<Login>();
        for (int i = 0; i < times; i++) {
            var login = start(user, 60);
            phone.accept(login.pushedTo(phone, started, PATIENCE));
            isDecided(login, "accept");
            logins.add(login);
        }
        return logins;
    }

    private Login start(String user, int seconds) {
        var login = authentik.start(user, "accept_deny", Map.of("expires_in", seconds));
        started.add(login.txId());
        return login;
    }

    private void isDecided(Login login, String status) {
        assertThat(authentik.await(login, 50).status()).isEqualTo(status);
    }

    private static String path(Login login) {
        return "transactions/" + login.txId() + "/";
    }

    private URI collector() {
        return system.standalone().responseCollectorManagementUri();
    }

    private double counted(URI service, String... texts) {
        return system.counted(service, texts);
    }
}
