package nod.gateway.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.Rows;
import nod.gateway.RunningGateway;
import nod.gateway.security.Caller;
import nod.messaging.event.Traceparent;
import nod.messaging.testing.TestServers;
import nod.schemas.event.ItemMode;
import nod.schemas.event.TransactionContext;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Starts that come while others are written: none of those can end, for the outbox is locked until
 * all have come.
 */
class StartsTogetherIT {

    private static final String PATH = "/authenticators/mobile/transactions/";

    private static Rows rows;
    private static RunningGateway gateway;
    private static StartsTogether starts;

    private final String name = "user-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        var servers = new TestServers();
        rows = new Rows(servers);
        gateway = RunningGateway.start(servers);
        starts = gateway.part(StartsTogether.class);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    /** Also that of a user of whom no row is left since the last login. */
    @Test
    void areOneTransactionOfTheDatabase() throws SQLException {
        var users = Stream.of("-a", "-b", "-c").map(name::concat).toList();
        users.forEach(gateway::enrol);
        rows.execute("DELETE FROM user_limit WHERE user_id = ?", users.getFirst());

        var begun = together(users.stream().map(user -> wish(user, null)).toList());

        assertThat(begun).allMatch(Optional::isPresent);
        assertThat(begun.stream().map(one -> one.orElseThrow().user())).isEqualTo(users);
        assertThat(
                        rows.keys(
                                "SELECT DISTINCT xmin::text FROM transaction WHERE user_id LIKE ?",
                                name + "-%"))
                .hasSize(1);
    }

    @Test
    void leaveOutAUserWhomAnotherHolds() throws SQLException {
        gateway.enrol(name);
        gateway.enrol(name + "-held");
        try (var _ = rows.holdUser(name + "-held")) {
            var begun = together(List.of(wish(name, null), wish(name + "-held", null)));

            assertThat(begun).extracting(Optional::isPresent).containsExactly(true, false);
        }
    }

    @Test
    void areEachAloneWhereTheDatabaseDoesNotTakeOne() throws SQLException {
        gateway.enrol(name);
        gateway.enrol(name + "-untakeable");
        rows.execute(
                "ALTER TABLE transaction ADD CONSTRAINT untakeable CHECK (user_id <> '%s') NOT VALID"
                        .formatted(name + "-untakeable"));
        try {
            var begun = together(List.of(wish(name, null), wish(name + "-untakeable", null)));

            assertThat(begun).containsExactly(Optional.empty(), Optional.empty());
            assertThat(rows.open(name)).isZero();
            tryStart(name).expectStatus().isCreated();
        } finally {
            rows.execute("ALTER TABLE transaction DROP CONSTRAINT untakeable");
        }
    }

    @Test
    void takeAKeyOnce() throws SQLException {
        gateway.enrol(name);
        gateway.enrol(name + "-too");
        gateway.enrol(name + "-later");

        var begun = together(List.of(wish(name, name), wish(name + "-too", name)));
        var later = together(List.of(wish(name + "-later", name)));

        assertThat(begun).filteredOn(Optional::isPresent).hasSize(1);
        assertThat(rows.open(name) + rows.open(name + "-too")).isEqualTo(1);
        assertThat(later).containsExactly(Optional.empty());
    }

    @Test
    void areOfOneUserOneAfterTheOther() throws SQLException {
        gateway.enrol(name);
        var twice = wish(name, null);

        var begun = together(List.of(twice, twice));

        assertThat(begun).extracting(Optional::isPresent).containsExactly(true, false);
        assertThat(rows.open(name)).isEqualTo(1);
    }

    @Test
    void leaveToAStartAloneWhatIsMoreThanABeginning() throws SQLException {
        var isAsked = name + "-asked";
        var isReported = name + "-reported";
        var isUnarmed = name + "-unarmed";
        gateway.enrol(isAsked);
        tryStart(isAsked).expectStatus().isCreated();
        gateway.enrol(isReported);
        rows.execute(
                "UPDATE user_limit SET reason = 'reported', since = now() WHERE user_id = ?",
                isReported);
        gateway.enrol(isUnarmed);
        rows.execute("DELETE FROM device WHERE user_id = ?", isUnarmed);

        var begun =
                together(
                        Stream.of(isAsked, isReported, isUnarmed)
                                .map(user -> wish(user, null))
                                .toList());

        assertThat(begun).hasSize(3).allMatch(Optional::isEmpty);
        assertThat(rows.open(isAsked)).isEqualTo(1);
    }

    /** More than three batches, of which none can end: a new one begins each second. */
    @Test
    void areRefusedWhereThoseBeforeThemStandInAQueue() throws Exception {
        gateway.enrol(name);
        var before = crowdedOut();
        List<CompletableFuture<Optional<MobileTransaction>>> queue;
        try (var _ = rows.hold("LOCK TABLE user_limit IN ACCESS EXCLUSIVE MODE")) {
            queue =
                    IntStream.range(0, 900)
                            .mapToObj(i -> wish("nobody-" + i, null))
                            .map(wish -> starts.start(wish).singleOptional().toFuture())
                            .toList();
            assertThat(waiting()).isGreaterThan(500);
            TimeUnit.MILLISECONDS.sleep(2_100);

            tryStart(name)
                    .expectStatus()
                    .isEqualTo(503)
                    .expectHeader()
                    .valueEquals("Retry-After", 1);
            assertThat(crowdedOut()).isEqualTo(before + 1);
        }

        assertThat(queue).allMatch(start -> start.join().isEmpty());
        assertThat(waiting()).isZero();
        tryStart(name).expectStatus().isCreated();
        assertThat(rows.open(name)).isEqualTo(1);
    }

    private static double waiting() {
        return gateway.metrics().get(Crowd.WAITING).tag(Crowd.WAY, "together").gauge().value();
    }

    private static double crowdedOut() {
        return gateway.metrics()
                .get(Crowd.CROWDED_OUT)
                .tag(Crowd.WAY, "together")
                .counter()
                .count();
    }

    /** What comes of these starts, which are done together. */
    private static List<Optional<MobileTransaction>> together(List<Wish> wishes)
            throws SQLException {
        var first = "first-" + UUID.randomUUID();
        gateway.enrol(first);
        CompletableFuture<?> before;
        List<CompletableFuture<Optional<MobileTransaction>>> asked;
        try (var _ = rows.hold("LOCK TABLE outbox IN SHARE ROW EXCLUSIVE MODE")) {
            before = starts.start(wish(first, null)).toFuture();
            asked =
                    wishes.stream()
                            .map(wish -> starts.start(wish).singleOptional().toFuture())
                            .toList();
        }
        before.join();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private static Wish wish(String user, @Nullable String key) {
        var caller = Caller.Deployment.byApiKey("test");
        var start =
                new Start(
                        user,
                        null,
                        ItemMode.NUMBER_MATCHING_3,
                        "title",
                        "body",
                        TransactionContext.EMPTY,
                        60);
        return new Wish(
                user, start, caller, IdempotencyKey.of(caller, key, start), Traceparent.start());
    }

    private static WebTestClient.ResponseSpec tryStart(String user) {
        return gateway.deployment().post().uri(PATH).bodyValue(Map.of("user", user)).exchange();
    }
}
