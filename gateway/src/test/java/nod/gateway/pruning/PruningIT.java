package nod.gateway.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.gateway.Rows;
import nod.gateway.RunningGateway;
import nod.gateway.RunningGateway.Begun;
import nod.gateway.security.TokenHash;
import nod.messaging.testing.Apart;
import nod.messaging.testing.EventLogReader;
import nod.messaging.testing.TestServers;
import nod.schemas.event.Actor;
import nod.schemas.event.DeviceChange;
import nod.schemas.event.DeviceChanged;
import nod.schemas.event.Topic;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Mono;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What leaves the database, what stays, and that nobody waits for it. */
@Apart
class PruningIT {

    private static final Duration PROMPTLY = Duration.ofSeconds(5);
    private static final int ENOUGH = 1000;

    private static TestServers servers;
    private static Rows rows;
    private static RunningGateway gateway;

    private final String user = "user-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        servers = TestServers.apart();
        rows = new Rows(servers);
        // Pruned by the tests alone.
        gateway = RunningGateway.start(servers, Map.of("nod.gateway.pruning.interval", "1d"));
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void removesADeviceThatNobodyCanConfirmAnyMoreAndTellsIt() throws SQLException {
        var begun = gateway.begin(user);
        age(begun, "2 days");

        prune("device");

        assertThat(rows.count("device", "user_id", user)).isZero();
        assertThat(rows.count("device_token", "device", device(begun))).isZero();
        try (var auditor =
                new EventLogReader<>(
                        servers.bootstrapServers(), Topic.DEVICE_CHANGED, DeviceChanged.class)) {
            var removed = auditor.await(begun.device(), 2).getLast().event();
            assertThat(removed.change()).isEqualTo(DeviceChange.REMOVED);
            assertThat(removed.by()).isEqualTo(new Actor(Actor.Kind.SERVICE, "gateway"));
            assertThat(removed.sequence()).isEqualTo(2);
        }
    }

    @Test
    void leavesADeviceThatIsConfirmedOrThatSomebodyMightJustHaveConfirmed() throws SQLException {
        var confirmed = gateway.begin(user);
        gateway.callback(confirmed, UUID.randomUUID().toString()).expectStatus().isOk();
        age(confirmed, "2 days");
        var recent = gateway.begin(user);
        age(recent, "23 hours");
        var begunLongAgo = gateway.begin(user);
        rows.execute(
                "UPDATE device SET created = now() - interval '2 days' WHERE pk = ?",
                device(begunLongAgo));

        prune("device");

        assertThat(rows.count("device", "user_id", user)).isEqualTo(3);
    }

    @Test
    void removesADeviceWhoseTokenWentBefore() throws SQLException {
        var begun = gateway.begin(user);
        age(begun, "2 days");
        prune("device_token");

        prune("device");

        assertThat(rows.count("device", "user_id", user)).isZero();
    }

    @Test
    void forgetsAnEnrollmentTokenThatExpiredAndNoneThatStillTellsHowTheEnrolmentStands()
            throws SQLException {
        var old = gateway.begin(user);
        gateway.callback(old, UUID.randomUUID().toString()).expectStatus().isOk();
        age(old, "2 days");
        var spent = gateway.begin(user);
        gateway.callback(spent, UUID.randomUUID().toString()).expectStatus().isOk();

        prune("device_token");

        assertThat(rows.count("device_token", "device", device(old))).isEqualTo(1);
        assertThat(rows.count("device_token", "device", device(spent))).isEqualTo(2);
        gateway.client(spent.token())
                .post()
                .uri("/authenticators/mobile/{uuid}/enrollment_status/", spent.device())
                .exchange()
                .expectStatus()
                .isOk();
    }

    @Test
    void refusesAnIdempotencyKeyAsLongAsItIsKept() throws SQLException {
        gateway.enrol(user);
        startWithKey().expectStatus().isCreated();
        expireKey("23 hours");

        prune("idempotency");
        startWithKey().expectStatus().isBadRequest();

        expireKey("25 hours");
        prune("idempotency");
        startWithKey().expectStatus().isCreated();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "reason = NULL,       since = NULL,  until = NULL                       | 0",
                "reason = 'declined', since = now(), until = now() - interval '2 days'  | 0",
                "reason = 'declined', since = now(), until = now() - interval '1 hour'  | 1",
                "reason = 'declined', since = now(), until = now() + interval '1 hour'  | 1",
                "reason = 'reported', since = now() - interval '9 years', until = NULL  | 1",
                "forgotten = now() - interval '24 hours'                                | 1",
                "forgotten = now() - interval '25 hours'                                | 0"
            })
    void forgetsAUserOfWhomNothingIsSaid(String limit, int left) throws SQLException {
        rows.execute("INSERT INTO user_limit (user_id) VALUES (?)", user);
        rows.execute("UPDATE user_limit SET " + limit + " WHERE user_id = ?", user);

        prune("user_limit");

        assertThat(rows.count("user_limit", "user_id", user)).isEqualTo(left);
    }

    @Test
    void keepsTheRowOfAUserWhoIsAskedUntilThatIsDecided() throws SQLException {
        gateway.enrol(user);
        var txId = started();

        prune("user_limit");
        assertThat(rows.count("user_limit", "user_id", user)).isEqualTo(1);

        decideLongAgo(txId);
        prune("user_limit");
        assertThat(rows.count("user_limit", "user_id", user)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "device, pk",
        "device_token, id",
        "idempotency, tx_id",
        "user_limit, user_id",
        "dpop_jti, hash"
    })
    void passesOverARowThatSomebodyHoldsAndTakesTheOthers(String table, String column)
            throws SQLException {
        makeTwoOld();
        Object held = keysOfOld(table, column)[0];
        Object free = keysOfOld(table, column)[1];
        try (var holder =
                rows.hold(
                        "SELECT 1 FROM %s WHERE %s = ? FOR UPDATE".formatted(table, column),
                        held)) {
            prune(table);

            assertThat(rows.count(table, column, held)).isEqualTo(1);
            assertThat(rows.count(table, column, free)).isZero();
            holder.rollback();
        }
        prune(table);
        assertThat(rows.count(table, column, held)).isZero();
    }

    /** One that is a little late is kept for a gateway whose clock is behind. */
    @ParameterizedTest
    @CsvSource({"-1 second, 1", "59 seconds, 1", "61 seconds, 0"})
    void forgetsAUsedProofAMinuteAfterItCouldBeUsed(String ago, int left) throws SQLException {
        var hash = sha256(user);
        rows.execute(
                "INSERT INTO dpop_jti (hash, expires) VALUES (?, now() - interval '%s')"
                        .formatted(ago),
                hash);

        prune("dpop_jti");

        assertThat(rows.count("dpop_jti", "hash", hash)).isEqualTo(left);
    }

    private static byte[] sha256(String text) {
        return TokenHash.of(text).bytes();
    }

    /** Both delete at the same time: the first one's transaction is still open. */
    @ParameterizedTest
    @CsvSource({
        "device, pk",
        "device_token, id",
        "idempotency, tx_id",
        "user_limit, user_id",
        "dpop_jti, hash"
    })
    void twoInstancesShareTheRows(String table, String column) throws Exception {
        makeTwoOld();
        var gate = new CompletableFuture<@Nullable Void>();

        var first = pruneAndHold(table, 1, gate);
        await().atMost(PROMPTLY).until(() -> rows.locked(table) == 1);
        var second = gateway.prunable(table).prune(1).block(PROMPTLY);
        gate.complete(null);

        assertThat(second).isEqualTo(1);
        assertThat(first.get(5, TimeUnit.SECONDS)).isEqualTo(1);
        assertThat(keysOfOld(table, column)).isEmpty();
    }

    @Test
    void leavesTheRowOfAUserWhoseStartIsUnderWay() throws SQLException {
        rows.execute("INSERT INTO user_limit (user_id) VALUES (?)", user);
        var lockAsAStartDoes =
                """
                INSERT INTO user_limit (user_id) VALUES (?)
                ON CONFLICT (user_id) DO UPDATE SET user_id = EXCLUDED.user_id
                """;
        try (var start = rows.hold(lockAsAStartDoes, user)) {
            prune("user_limit");

            start.commit();
        }
        assertThat(rows.count("user_limit", "user_id", user)).isEqualTo(1);
    }

    @Test
    void aStartThatMeetsTheDeletionOfItsRowWaitsForNothingButThat() throws Exception {
        gateway.enrol(user);
        var other = "other-" + user;
        gateway.enrol(other);
        rows.execute("DELETE FROM user_limit WHERE user_id = ?", other);
        var gate = new CompletableFuture<@Nullable Void>();
        var pruned = pruneAndHold("user_limit", ENOUGH, gate);
        await().atMost(PROMPTLY).until(() -> rows.locked("user_limit") > 0);

        var start = CompletableFuture.supplyAsync(() -> start(user));
        await().atMost(PROMPTLY).until(() -> rows.waitingForLocks() == 1);
        start(other).expectStatus().isCreated();
        assertThat(start).isNotDone();
        gate.complete(null);

        start.get(5, TimeUnit.SECONDS).expectStatus().isCreated();
        assertThat(pruned.get(5, TimeUnit.SECONDS)).isPositive();
        assertThat(rows.count("user_limit", "user_id", user)).isEqualTo(1);
    }

    /** The response-collector has deleted the row. */
    @Test
    void aReportOnAPrunedTransactionIsNotFoundAndLocksNobody() throws SQLException {
        var phone = gateway.enrol(user);
        var txId = started();
        rows.execute("DELETE FROM transaction WHERE tx_id = ?", txId);

        assertThat(phone.answer(txId, "report")).isEqualTo(404);

        start(user).expectStatus().isCreated();
    }

    /** Two of each that have had their time; nothing else has. */
    private void makeTwoOld() throws SQLException {
        for (var table :
                new String[] {"device", "device_token", "idempotency", "user_limit", "dpop_jti"}) {
            prune(table);
        }
        for (int i = 0; i < 2; i++) {
            age(gateway.begin(user), "2 days");
            rows.execute(
                    """
                    INSERT INTO idempotency (credential, key, request, tx_id, expires)
                    VALUES ('test', ?, '', gen_random_uuid(), now() - interval '2 days')
                    """,
                    UUID.randomUUID().toString());
            rows.execute("INSERT INTO user_limit (user_id) VALUES (?)", user + i);
            rows.execute(
                    """
                    INSERT INTO dpop_jti (hash, expires)
                    VALUES (sha256(CAST(? AS text)::bytea), now() - interval '2 days')
                    """,
                    user + i);
        }
        rows.execute("DELETE FROM user_limit WHERE user_id = ?", user);
    }

    private Object[] keysOfOld(String table, String column) throws SQLException {
        var old =
                switch (table) {
                    case "device" -> "NOT confirmed AND created < now() - interval '1 day'";
                    case "user_limit" -> "user_id IN ('%s0', '%s1')".formatted(user, user);
                    default -> "expires < now() - interval '1 day'";
                };
        return rows.keys("SELECT %s FROM %s WHERE %s".formatted(column, table, old));
    }

    private static void prune(String table) {
        gateway.prunable(table).prune(ENOUGH).block(PROMPTLY);
    }

    /** Deletes, and commits only when the gate is opened. */
    private static CompletableFuture<@Nullable Long> pruneAndHold(
            String table, int limit, CompletableFuture<@Nullable Void> gate) {
        return gateway.prunable(table)
                .prune(limit)
                .flatMap(pruned -> Mono.fromFuture(gate).thenReturn(pruned))
                .as(gateway.part(TransactionalOperator.class)::transactional)
                .toFuture();
    }

    private static UUID device(Begun begun) {
        return UUID.fromString(begun.device());
    }

    /** The enrollment token has expired so long ago. */
    private static void age(Begun begun, String age) throws SQLException {
        rows.execute(
                "UPDATE device_token SET expires = now() - interval '%s' WHERE kind = 'enrollment' AND device = ?"
                        .formatted(age),
                device(begun));
        rows.execute(
                "UPDATE device SET created = now() - interval '1 hour' - interval '%s' WHERE pk = ?"
                        .formatted(age),
                device(begun));
    }

    private WebTestClient.ResponseSpec start(String asked) {
        return gateway.deployment()
                .post()
                .uri("/authenticators/mobile/transactions/")
                .bodyValue(Map.of("user", asked))
                .exchange();
    }

    private WebTestClient.ResponseSpec startWithKey() {
        return gateway.deployment()
                .post()
                .uri("/authenticators/mobile/transactions/")
                .header("Idempotency-Key", user)
                .bodyValue(Map.of("user", user))
                .exchange();
    }

    private UUID started() {
        var body = RunningGateway.body(start(user).expectStatus().isCreated());
        return UUID.fromString(Objects.requireNonNull(body.path("tx_id").asString()));
    }

    private void expireKey(String age) throws SQLException {
        rows.execute(
                "UPDATE idempotency SET expires = now() - interval '%s' WHERE key = ?"
                        .formatted(age),
                user);
    }

    private static void decideLongAgo(UUID txId) throws SQLException {
        rows.execute(
                """
                UPDATE transaction
                SET status = 'expired', decided = now() - interval '9 days' WHERE tx_id = ?
                """,
                txId);
    }
}
