package nod.gateway.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.gateway.Rows;
import nod.gateway.RunningGateway;
import nod.messaging.testing.EventLogReader;
import nod.messaging.testing.TestServers;
import nod.schemas.event.Topic;
import nod.schemas.event.TransactionStarted;
import nod.schemas.event.TransactionStatus;
import nod.schemas.event.UserLocked;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Two gateways on one database and one event log, and what crosses between them. */
class PausesOverGatewaysIT {

    private static final int STARTS = 200;
    private static final int CALLERS = 5;

    private static TestServers servers;
    private static Rows rows;
    private static RunningGateway one;
    private static RunningGateway other;

    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeAll
    static void start() {
        servers = new TestServers();
        rows = new Rows(servers);
        one = RunningGateway.start(servers, keys());
        other = RunningGateway.start(servers, keys());
    }

    private static Map<String, String> keys() {
        var keys = new HashMap<String, String>();
        IntStream.range(0, CALLERS)
                .forEach(n -> keys.put("nod.gateway.api-keys.caller-" + n, key(n)));
        return keys;
    }

    private static String key(int caller) {
        return "key-of-caller-%d-0123456789-0123456789".formatted(caller);
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
    }

    @AfterEach
    void end() {
        callers.close();
    }

    @Test
    void leavesOneOpenOfTwoHundredParallelStartsOfManyCallers() throws Exception {
        var person = Person.enrolled(servers, one);
        var ready = new CountDownLatch(STARTS);

        var answers =
                IntStream.range(0, STARTS)
                        .mapToObj(n -> callers.submit(start(person.user(), n, ready)))
                        .toList();

        assertThat(all(answers)).filteredOn(status -> status == 201).hasSize(3);
        assertThat(all(answers)).filteredOn(status -> status == 429).hasSize(STARTS - 3);
        assertThat(open(person)).isEqualTo(1);
        assertThat(startedEvents(person)).isEqualTo(3);
    }

    @Test
    void countsFromZeroAfterAnAccept() throws Exception {
        var person = Person.enrolled(servers, one);
        person.cancel(person.start());
        person.cancel(person.start());
        person.accept();
        var ready = new CountDownLatch(STARTS);

        var answers =
                IntStream.range(0, STARTS)
                        .mapToObj(n -> callers.submit(start(person.user(), n, ready)))
                        .toList();

        assertThat(all(answers)).filteredOn(status -> status == 201).hasSize(3);
        assertThat(startedEvents(person)).isEqualTo(6);
    }

    @Test
    void refusesAStartThatComesWhileADenyIsTaken() throws Exception {
        var person = Person.enrolled(servers, one);
        var asked = person.start();

        try (var held = holdUser(person)) {
            var denied = callers.submit(() -> person.phone().answer(asked, "deny"));
            awaitWaiting(1);
            var started = callers.submit(() -> status(person.at(other)));
            awaitWaiting(2);
            held.rollback();

            assertThat(denied.get()).isEqualTo(204);
            assertThat(started.get()).isEqualTo(429);
        }
    }

    @Test
    void refusesADenyThatComesWhileANewerOneIsStarted() throws Exception {
        var person = Person.enrolled(servers, one);
        var asked = person.start();

        try (var held = holdUser(person)) {
            var started = callers.submit(() -> status(person.at(other)));
            awaitWaiting(1);
            var denied = callers.submit(() -> person.phone().answer(asked, "deny"));
            awaitWaiting(2);
            held.rollback();

            assertThat(started.get()).isEqualTo(201);
            assertThat(denied.get()).isEqualTo(404);
        }
        assertThat(person.listed().isMissingNode()).isTrue();
    }

    /** The start has counted it as unanswered, which it is not: that harms nobody. */
    @Test
    void leavesAnAcceptThatComesWhileANewerOneIsStarted() throws Exception {
        var person = Person.enrolled(servers, one);
        person.cancel(person.start());
        var asked = person.start();

        try (var held =
                rows.hold(
                        "UPDATE transaction SET claim = 'answer', claimed_by = devices[1],"
                                + " claimed_item = item, claimed_at = statement_timestamp()"
                                + " WHERE tx_id = ?",
                        UUID.fromString(asked))) {
            var started = callers.submit(() -> status(person.at(other)));
            awaitWaiting(1);
            held.commit();

            assertThat(started.get()).isEqualTo(201);
        }
        // The accept has reset what was before: there is room for two more.
        person.start();
        person.start();
        person.tryStart().expectStatus().isEqualTo(429);
    }

    @Test
    void writesAPauseOnceThoughBothFindIt() throws Exception {
        var person = Person.enrolled(servers, one);
        person.mistype();

        try (var held = holdUser(person)) {
            var outcome = callers.submit(() -> decide(person));
            awaitWaiting(1);
            var started = callers.submit(() -> status(person.at(other)));
            awaitWaiting(2);
            held.rollback();

            outcome.get();
            assertThat(started.get()).isEqualTo(429);
        }
        assertThat(person.listed().path("reason").asString()).isEqualTo("wrong_item");
        try (var auditor =
                new EventLogReader<>(
                        servers.bootstrapServers(), Topic.USER_LOCKED, UserLocked.class)) {
            auditor.await(person.user());
            assertThat(auditor.untilNow(person.user())).hasSize(1);
        }
    }

    private Callable<Integer> start(String user, int n, CountDownLatch ready) {
        var gateway = n % 2 == 0 ? one : other;
        var client = gateway.client(key(n % CALLERS));
        return () -> {
            ready.countDown();
            ready.await();
            int status = start(client, user);
            // Who got no turn among so many comes again.
            while (status == 503) {
                status = start(client, user);
            }
            return status;
        };
    }

    private static int start(WebTestClient client, String user) {
        return client.post()
                .uri("/authenticators/mobile/transactions/")
                .bodyValue(Map.of("user", user))
                .exchange()
                .returnResult(Void.class)
                .getStatus()
                .value();
    }

    private static int status(Person person) {
        return person.tryStart().returnResult(Void.class).getStatus().value();
    }

    private static boolean decide(Person person) throws Exception {
        PausesIT.handle(one, PausesIT.outcome(person, TransactionStatus.DENY, Instant.now()));
        return true;
    }

    private static List<Integer> all(List<Future<Integer>> answers) throws Exception {
        var statuses = new ArrayList<Integer>();
        for (var answer : answers) {
            statuses.add(answer.get());
        }
        return statuses;
    }

    private static int open(Person person) throws SQLException {
        return rows.open(person.user());
    }

    /** By their rows in Kafka: what the dispatchers push. */
    private static int startedEvents(Person person) throws SQLException {
        await().until(() -> outboxIsEmpty());
        var started = 0;
        try (var auditor =
                new EventLogReader<>(
                        servers.bootstrapServers(),
                        Topic.TRANSACTION_STARTED,
                        TransactionStarted.class)) {
            var logins =
                    rows.keys("SELECT tx_id FROM transaction WHERE user_id = ?", person.user());
            for (var login : logins) {
                started += auditor.untilNow(login.toString()).size();
            }
        }
        return started;
    }

    private static boolean outboxIsEmpty() throws SQLException {
        return rows.keys("SELECT 1 FROM outbox").length == 0;
    }

    private static Connection holdUser(Person person) throws SQLException {
        return rows.holdUser(person.user());
    }

    private static void awaitWaiting(int sessions) {
        await().until(() -> rows.waitingForLocks() == sessions);
    }
}
