package nod.messaging.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import nod.messaging.MessagingFixture;
import nod.messaging.Samples;
import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.messaging.event.StoredEvent;
import nod.messaging.event.Traceparent;
import nod.messaging.publish.EventLogHealth;
import nod.messaging.publish.EventPublisher;
import nod.messaging.testing.EventLogReader;
import nod.messaging.testing.RecordingEventPublisher;
import nod.schemas.event.Event;
import nod.schemas.event.LockReason;
import nod.schemas.event.LockState;
import nod.schemas.event.Topic;
import nod.schemas.event.UserLocked;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.NoTransactionException;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Mono;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OutboxIT {

    private static final String TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static final String TOPIC = Topic.USER_LOCKED.topicName();

    /** No running relay sweeps the rows of this producer. */
    private static final String SWEPT_BY_HAND = "dispatcher";

    private final MessagingFixture service = new MessagingFixture();
    private final Outbox outbox = service.part(Outbox.class);
    private final TransactionalOperator transaction =
            TransactionalOperator.create(service.part(ReactiveTransactionManager.class));
    private final EventLogReader<UserLocked> auditor =
            new EventLogReader<>(
                    service.servers().bootstrapServers(), Topic.USER_LOCKED, UserLocked.class);

    @BeforeEach
    void empty() throws SQLException {
        execute("DELETE FROM outbox");
    }

    @AfterAll
    void stop() {
        auditor.close();
        service.close();
    }

    @Test
    void publishesAfterTheCommitUnderTheCallersTraceAndRemovesTheRow() {
        var event = event();
        var trace = Traceparent.start();

        outbox.append(event).as(transaction::transactional).contextWrite(trace.asContext()).block();

        var published = auditor.await(event.key());
        assertThat(published.event()).isEqualTo(event);
        assertThat(published.trace()).isEqualTo(trace);
        await().until(() -> rows() == 0);
        assertThat(auditor.untilNow(event.key())).hasSize(1);
    }

    @Test
    void publishesNothingBeforeTheCommit() {
        var event = event();

        assertPublishedWithTheCommit(outbox.append(event), event);
    }

    private void assertPublishedWithTheCommit(Mono<?> writing, UserLocked event) {
        var written = new CompletableFuture<Boolean>();
        var mayCommit = new CompletableFuture<Boolean>();

        CompletableFuture<@Nullable Boolean> done =
                writing.then(
                                Mono.defer(
                                        () -> {
                                            written.complete(true);
                                            return Mono.fromFuture(mayCommit);
                                        }))
                        .as(transaction::transactional)
                        .toFuture();
        written.join();
        assertThat(auditor.untilNow(event.key())).isEmpty();

        mayCommit.complete(true);
        done.join();
        auditor.await(event.key());
    }

    @Test
    void publishesNothingOfATransactionThatIsRolledBack() {
        var event = event();
        var rolledBack =
                outbox.append(event)
                        .then(Mono.error(new IllegalStateException("no")))
                        .as(transaction::transactional);

        assertThatThrownBy(rolledBack::block).hasMessage("no");

        assertThat(rows()).isZero();
        // What is committed later is published, and nothing before it.
        var next = event();
        outbox.append(next).as(transaction::transactional).block();
        auditor.await(next.key());
        assertThat(auditor.untilNow(event.key())).isEmpty();
    }

    @Test
    void writesNothingWhereNoTransactionRuns() {
        assertThatThrownBy(() -> outbox.append(event()).block())
                .isInstanceOf(NoTransactionException.class);

        assertThat(rows()).isZero();
    }

    @Test
    void keepsTheTraceOfEachOfSeveralEvents() {
        var one = new Outbox.Traced(Traceparent.start(), event());
        var other = new Outbox.Traced(Traceparent.start(), event());

        outbox.appendTraced(List.of(one, other)).as(transaction::transactional).block();

        assertThat(auditor.await(one.event().key()).trace()).isEqualTo(one.trace());
        assertThat(auditor.await(other.event().key()).trace()).isEqualTo(other.trace());
    }

    @Test
    void takesAnEmptyListForNothingToDo() {
        outbox.append(List.of()).block();
        outbox.appendTraced(List.of()).block();

        assertThat(rows()).isZero();
    }

    @Test
    void tellsOfEachRowThatAStatementChangedWhatTheDatabaseKnows() throws SQLException {
        var one = locked();
        var other = locked();
        var lockedBefore = locked();
        execute("INSERT INTO user_limit (user_id) VALUES ('%s')".formatted(lockedBefore.key()));
        var events = List.of(traced(one), traced(lockedBefore), traced(other));

        var ends = requireNonNull(lock(events, null).block());

        assertThat(ends).containsOnlyKeys(one.key(), other.key());
        for (var event : List.of(events.getFirst(), events.getLast())) {
            var published = auditor.await(event.event().key());
            assertThat(published.trace()).isEqualTo(event.trace());
            assertThat(published.event().until()).isEqualTo(ends.get(event.event().key()));
            assertThat(published.event().by()).isEqualTo(Samples.CALLER);
        }
        await().until(() -> rows() == 0);
        assertThat(auditor.untilNow(lockedBefore.key())).isEmpty();
    }

    @Test
    void publishesToTheLetterWhatAStatementWrote() throws SQLException {
        var event = locked();
        execute("CREATE TABLE written AS SELECT * FROM outbox");
        execute(
                """
                CREATE RULE keep AS ON DELETE TO outbox
                DO ALSO INSERT INTO written SELECT OLD.*
                """);
        try {
            lock(List.of(traced(event)), null).block();

            var record = auditor.awaitRecords(event.key(), 1).getFirst();
            await().until(() -> rows() == 0);
            assertThat(new String(record.value(), StandardCharsets.UTF_8))
                    .isEqualTo(text("SELECT payload FROM written"));
        } finally {
            execute("DROP RULE keep ON outbox; DROP TABLE written");
        }
    }

    @Test
    void continuesTheTraceThatTheChangedRowNames() {
        var event = locked();

        lock(List.of(traced(event)), TRACE).block();

        assertThat(auditor.await(event.key()).trace().value()).isEqualTo(TRACE);
    }

    @Test
    void tellsOfAStatementNotBeforeItsTransactionIsCommitted() {
        var event = locked();

        assertPublishedWithTheCommit(lock(List.of(traced(event)), null), event);
    }

    @Test
    void tellsNothingOfAStatementThatIsRolledBack() {
        var event = locked();
        var rolledBack =
                lock(List.of(traced(event)), null)
                        .then(Mono.error(new IllegalStateException("no")))
                        .as(transaction::transactional);

        assertThatThrownBy(rolledBack::block).hasMessage("no");

        assertNothingIsPublishedOf(event);
    }

    /** PostgreSQL has sent the rows by then; what it says last is that it can't commit. */
    @Test
    void tellsNothingOfAStatementThatCanNotBeCommitted() throws SQLException {
        var event = locked();
        execute(
                """
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
                AS 'BEGIN RAISE EXCEPTION ''not this one''; END';
                CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON user_limit
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()
                """);
        try {
            assertThatThrownBy(() -> lock(List.of(traced(event)), null).block())
                    .hasMessageContaining("not this one");
        } finally {
            execute("DROP TRIGGER refuse ON user_limit; DROP FUNCTION refuse()");
        }

        assertNothingIsPublishedOf(event);
    }

    private void assertNothingIsPublishedOf(UserLocked event) {
        assertThat(rows()).isZero();
        // What is committed later is published, and nothing before it.
        var next = locked();
        lock(List.of(traced(next)), null).block();
        auditor.await(next.key());
        assertThat(auditor.untilNow(event.key())).isEmpty();
    }

    /** Locks users that have no row, and tells it; until when each is locked. */
    private Mono<Map<String, Instant>> lock(List<Outbox.Traced> events, @Nullable String trace) {
        var users = events.stream().map(event -> event.event().key()).toArray(String[]::new);
        return outbox.tell(
                        """
                        WITH fact AS (
                            INSERT INTO user_limit (user_id, reason, since, until)
                            SELECT user_id, 'unanswered', now(), now() + interval '1 hour'
                            FROM unnest(:users) AS asked (user_id)
                            ON CONFLICT DO NOTHING
                            RETURNING user_id AS key, until, CAST(:trace AS text) AS trace,
                                jsonb_build_object('until', %s) AS known
                        )
                        """
                                .formatted(Outbox.time("until")),
                        statement ->
                                trace == null
                                        ? statement
                                                .bind("users", users)
                                                .bindNull("trace", String.class)
                                        : statement.bind("users", users).bind("trace", trace),
                        events,
                        row ->
                                Map.entry(
                                        requireNonNull(row.get("key", String.class)),
                                        requireNonNull(row.get("until", Instant.class))))
                .map(all -> all.stream().collect(toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private static Outbox.Traced traced(UserLocked event) {
        return new Outbox.Traced(Traceparent.start(), event);
    }

    private static UserLocked locked() {
        return new UserLocked(
                UUID.randomUUID().toString(),
                LockState.PAUSED,
                LockReason.UNANSWERED,
                Outbox.UNKNOWN,
                Samples.CALLER);
    }

    @Test
    void publishesWhatACrashLeftBehind() throws SQLException {
        var event = event();
        var id = leaveBehind(event, "gateway", 6);

        var published = auditor.await(event.key());

        assertThat(published.id()).isEqualTo(id);
        assertThat(published.trace().value()).isEqualTo(TRACE);
        await().until(() -> rows() == 0);
    }

    @Test
    void publishesWhatAnotherVersionLeftBehindWithTheFieldsThatAreUnknownHere()
            throws SQLException {
        var event = event();
        var payload = new EventCodec().toJson(event).replaceFirst("}$", ", \"added_later\": [1]}");
        execute(insert(UUID.randomUUID(), "gateway", TOPIC, event.key(), payload, 6));

        var record = auditor.awaitRecords(event.key(), 1).getFirst();

        assertThat(new String(record.value(), StandardCharsets.UTF_8)).isEqualTo(payload);
        assertThat(auditor.await(event.key()).event()).isEqualTo(event);
    }

    @Test
    void leavesAloneWhatIsYoungOrBelongsToAnotherService() throws SQLException {
        leaveBehind(event(), "gateway", 1);
        leaveBehind(event(), "response-collector", 60);
        var publisher = new RecordingEventPublisher();

        relay(publisher).sweep();

        assertThat(publisher.published()).isEmpty();
    }

    @Test
    void keepsTheRowUntilKafkaHasAcknowledged() throws SQLException {
        var event = event();
        leaveBehind(event, SWEPT_BY_HAND, 60);
        var publisher = new RecordingEventPublisher();
        var relay = relay(publisher);

        publisher.refuse(new IllegalStateException("Kafka is away"));
        assertThat(relay.sweep()).isZero();
        assertThat(rows()).isEqualTo(1);

        publisher.recover();
        assertThat(relay.sweep()).isEqualTo(1);
        assertThat(rows()).isZero();
        assertThat(publisher.events(UserLocked.class)).containsExactly(event);
    }

    @Test
    void doesNotLetAnUnreadableRowHoldBackTheOthers() throws SQLException {
        execute(insert(UUID.randomUUID(), SWEPT_BY_HAND, "push.unheard.of.v9", "k", "{}", 90));
        execute(insert(UUID.randomUUID(), SWEPT_BY_HAND, "push.user.locked.v1", "k", "{", 80));
        var event = event();
        leaveBehind(event, SWEPT_BY_HAND, 60);
        var publisher = new RecordingEventPublisher();

        relay(publisher).sweep();

        assertThat(publisher.events(UserLocked.class)).containsExactly(event);
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void letsTwoRelaysWorkSideBySide() throws Exception {
        for (int i = 0; i < 600; i++) {
            leaveBehind(event(), SWEPT_BY_HAND, 60 + i);
        }
        var slow = new HeldPublisher();
        var first = relay(slow);
        var firstSweep = CompletableFuture.supplyAsync(first::sweep);
        await().until(() -> slow.waiting() == 500);

        var publisher = new RecordingEventPublisher();
        assertThat(relay(publisher).sweep()).isEqualTo(100);

        slow.release();
        assertThat(firstSweep.get(20, TimeUnit.SECONDS)).isEqualTo(500);
        assertThat(rows()).isZero();
    }

    @Test
    void measuresWhatKafkaHasNotAcknowledged() throws SQLException {
        var metrics = service.part(MeterRegistry.class);
        // Of a topic that this version does not know: it stays.
        execute(insert(UUID.randomUUID(), "gateway", "push.unknown.v9", "key", "{}", 100));
        execute(insert(UUID.randomUUID(), "gateway", "push.unknown.v9", "key", "{}", 50));
        leaveBehind(event(), "response-collector", 900);

        await().until(() -> metrics.get(OutboxRelay.SIZE).gauge().value() == 2);

        assertThat(metrics.get(OutboxRelay.OLDEST).gauge().value()).isBetween(100.0, 130.0);
    }

    private OutboxRelay relay(EventPublisher publisher) {
        return new OutboxRelay(
                Topic.Producer.DISPATCHER,
                Duration.ofSeconds(5),
                service.part(DatabaseClient.class),
                transaction,
                new EventCodec(),
                publisher,
                service.part(EventLogHealth.class),
                new SimpleMeterRegistry());
    }

    private UUID leaveBehind(Event event, String producer, int secondsAgo) throws SQLException {
        var id = UUID.randomUUID();
        var payload = new EventCodec().toJson(event);
        execute(insert(id, producer, event.topic().topicName(), event.key(), payload, secondsAgo));
        return id;
    }

    private static String insert(
            UUID id, String producer, String topic, String key, String payload, int secondsAgo) {
        return """
        INSERT INTO outbox (id, producer, topic, key, traceparent, payload, created)
        VALUES ('%s', '%s', '%s', '%s', '%s', '%s', now() - interval '%d seconds')
        """
                .formatted(id, producer, topic, key, TRACE, payload, secondsAgo);
    }

    private void execute(String sql) throws SQLException {
        try (var connection = service.servers().connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int rows() {
        return Integer.parseInt(text("SELECT count(*) FROM outbox"));
    }

    private String text(String query) {
        try (var connection = service.servers().connect();
                var row = connection.createStatement().executeQuery(query)) {
            row.next();
            return row.getString(1);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static UserLocked event() {
        return new UserLocked(
                UUID.randomUUID().toString(), LockState.RELEASED, null, null, Samples.CALLER);
    }

    /** Acknowledges nothing until it is told to. */
    private static final class HeldPublisher implements EventPublisher {

        private final List<CompletableFuture<Void>> held = new ArrayList<>();

        @Override
        public CompletableFuture<Void> publish(Envelope<?> envelope) {
            return hold();
        }

        @Override
        public CompletableFuture<Void> publish(StoredEvent event) {
            return hold();
        }

        private synchronized CompletableFuture<Void> hold() {
            held.add(new CompletableFuture<>());
            return held.getLast();
        }

        synchronized int waiting() {
            return held.size();
        }

        synchronized void release() {
            held.forEach(one -> one.complete(null));
        }
    }
}
