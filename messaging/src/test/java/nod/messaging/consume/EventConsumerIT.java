package nod.messaging.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.spi.R2dbcTransientResourceException;

import nod.messaging.MessagingFixture;
import nod.messaging.Samples;
import nod.messaging.testing.ApplicationStart;
import nod.messaging.testing.EventLogReader;
import nod.schemas.event.Actor;
import nod.schemas.event.Topic;
import nod.schemas.event.TransactionWithdrawn;
import nod.schemas.event.Withdrawal;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

@ExtendWith(OutputCaptureExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ResourceLock(Resources.SYSTEM_OUT)
class EventConsumerIT {

    private static final Topic TOPIC = Topic.TRANSACTION_WITHDRAWN;
    private static final int WINDOW = 4;
    private static final int ATTEMPTS = 2;

    private final MessagingFixture service =
            new MessagingFixture(
                    "--nod.messaging.consumer.window=" + WINDOW,
                    "--nod.messaging.consumer.max-attempts=" + ATTEMPTS,
                    "--nod.messaging.consumer.drain=300ms",
                    "--spring.kafka.consumer.max-poll-records=1");
    private final List<EventConsumer<?>> started = new ArrayList<>();

    @AfterEach
    void stopConsumers() {
        started.forEach(EventConsumer::stop);
        started.clear();
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void lowestUnfinishedOffsetIsCommittedWhileOthersGoOn() throws Exception {
        var group = service.freshGroup(TOPIC);
        var handler = new RecordingHandler<TransactionWithdrawn>();
        var slow = event("slow");
        var fast = sameKey(slow, "fast");
        var hold = handler.hold(slow);
        var slowAt = service.write(slow);
        var fastAt = service.write(fast);

        join(group, handler);

        await().until(() -> handler.handed().containsAll(List.of(slow, fast)));
        // A commit that comes after the fast one was done shows what it left out.
        var later = sameKey(slow, "later");
        service.write(later);
        await().until(() -> handler.handed().contains(later));
        await().during(Duration.ofMillis(600))
                .atMost(Duration.ofSeconds(3))
                .until(() -> service.committed(group, slowAt) <= slowAt.offset());

        hold.complete(null);
        await().until(() -> service.committed(group, fastAt) > fastAt.offset());
    }

    @Test
    void goesOnFromTheLowestUnfinishedOffsetAfterARestart() throws Exception {
        var group = service.freshGroup(TOPIC);
        var handler = new RecordingHandler<TransactionWithdrawn>();
        var done = event("done");
        var unfinished = sameKey(done, "unfinished");
        var finishedLater = sameKey(done, "finished");
        handler.hold(unfinished);
        var doneAt = service.write(done);
        service.write(unfinished);
        service.write(finishedLater);
        var first = join(group, handler);
        await().until(() -> handler.handed().contains(finishedLater));

        first.stop();

        assertThat(service.committed(group, doneAt)).isEqualTo(doneAt.offset() + 1);
        var successor = new RecordingHandler<TransactionWithdrawn>();
        join(group, successor);
        await().until(() -> successor.handed().contains(finishedLater));
        assertThat(successor.handed()).containsExactly(unfinished, finishedLater);
    }

    @Test
    void waitsForWhatIsInFlightBeforeItLeaves() throws Exception {
        var group = service.freshGroup(TOPIC);
        var handler = new RecordingHandler<TransactionWithdrawn>();
        var last = event("last");
        var hold = handler.hold(last);
        var at = service.write(last);
        var consumer = join(group, handler);
        await().until(() -> handler.handed().contains(last));

        var stopping = CompletableFuture.runAsync(consumer::stop);
        await().until(() -> !consumer.isRunning());
        hold.complete(null);
        stopping.join();

        assertThat(service.committed(group, at)).isEqualTo(at.offset() + 1);
    }

    @Test
    void keepsAnUndecodableRecordAsADeadLetterAtOnceAndGoesOn() throws Exception {
        var group = service.freshGroup(TOPIC);
        var handler = new RecordingHandler<TransactionWithdrawn>();
        var key = UUID.randomUUID();
        var garbage = "no event".getBytes(UTF_8);
        var at = service.write(new ProducerRecord<>(TOPIC.topicName(), key.toString(), garbage));
        var behind =
                new TransactionWithdrawn(key, Withdrawal.CANCELLED, Instant.EPOCH, Samples.CALLER);
        var behindAt = service.write(behind);

        join(group, handler);

        var letter = deadLetter(group, key.toString());
        assertThat(letter.value()).isEqualTo(garbage);
        assertThat(headers(letter))
                .containsEntry("kafka_dlt-original-topic", TOPIC.topicName())
                .containsEntry(
                        "kafka_dlt-exception-message", "not a CloudEvent: CloudEventRWException")
                .containsEntry(
                        "kafka_dlt-exception-fqcn", "nod.messaging.event.UndecodableEventException")
                .doesNotContainKey("kafka_dlt-exception-stacktrace");
        assertThat(at.offset()).isEqualTo(longHeader(letter, "kafka_dlt-original-offset"));
        service.awaitCommitted(group, behindAt);
        assertThat(handler.handed()).containsExactly(behind);
    }

    @Test
    void tellsOfADeadLetterInOneLineWhateverItsKey(CapturedOutput output) throws Exception {
        var group = service.freshGroup(TOPIC);
        service.write(
                new ProducerRecord<>(
                        TOPIC.topicName(), group + "\nERROR forged", "no event".getBytes(UTF_8)));

        ApplicationStart.whileNone(
                () -> {
                    join(group, new RecordingHandler<>());
                    await().until(
                                    () ->
                                            output.getAll()
                                                    .contains(
                                                            group
                                                                    + "\\u000aERROR forged could"
                                                                    + " not be"));
                });
        assertThat(output.getAll()).doesNotContain(group + "\nERROR forged");
    }

    @Test
    void keepsAnEventThatABugCannotTakeAsADeadLetterAfterSomeAttempts() throws Exception {
        var group = service.freshGroup(TOPIC);
        var handler = new RecordingHandler<TransactionWithdrawn>();
        handler.answer(_ -> CompletableFuture.failedFuture(new IllegalStateException("a bug")));
        var event = event("hit by a bug");
        var at = service.write(event);

        join(group, handler);

        var letter = deadLetter(group, event.key());
        assertThat(headers(letter))
                .containsEntry("kafka_dlt-exception-message", "a bug")
                .containsEntry("ce_type", TOPIC.topicName())
                .containsKeys("ce_id", "ce_traceparent");
        assertThat(handler.timesHanded(event)).isEqualTo(ATTEMPTS);
        service.awaitCommitted(group, at);
        assertThat(
                        service.part(MeterRegistry.class)
                                .counter(
                                        "nod.dead.letters",
                                        "topic",
                                        TOPIC.topicName(),
                                        "group",
                                        group,
                                        "reason",
                                        "failed")
                                .count())
                .isEqualTo(1);
    }

    @Test
    void neverMakesADeadLetterOfAFailureThatPasses() throws Exception {
        var group = service.freshGroup(TOPIC);
        var handler = new RecordingHandler<TransactionWithdrawn>();
        var failures = new AtomicInteger(ATTEMPTS + 2);
        handler.answer(
                _ ->
                        failures.getAndDecrement() > 0
                                ? CompletableFuture.failedFuture(
                                        new R2dbcTransientResourceException("database away"))
                                : CompletableFuture.completedFuture(null));
        var event = event("during an outage");
        var at = service.write(event);

        join(group, handler);

        service.awaitCommitted(group, at);
        assertThat(handler.timesHanded(event)).isEqualTo(ATTEMPTS + 3);
        assertThat(inFlight(group)).isZero();
        try (var letters = deadLetters(group)) {
            assertThat(letters.untilNow(event.key())).isEmpty();
        }
    }

    @Test
    void countsOnlyItsOwnFaultsAgainstAnEvent() throws Exception {
        var group = service.freshGroup(TOPIC);
        var handler = new RecordingHandler<TransactionWithdrawn>();
        var failures =
                new ArrayList<Throwable>(
                        List.of(
                                new R2dbcTransientResourceException("database away"),
                                new R2dbcTransientResourceException("database away"),
                                new IllegalStateException("once")));
        handler.answer(
                _ ->
                        failures.isEmpty()
                                ? CompletableFuture.completedFuture(null)
                                : CompletableFuture.failedFuture(failures.removeFirst()));
        var event = event("unlucky");
        var at = service.write(event);

        join(group, handler);

        service.awaitCommitted(group, at);
        assertThat(handler.timesHanded(event)).isEqualTo(4);
        try (var letters = deadLetters(group)) {
            assertThat(letters.untilNow(event.key())).isEmpty();
        }
    }

    @Test
    void survivesAHandlerThatThrowsOrForgetsToAnswer() throws Exception {
        var group = service.freshGroup(TOPIC);
        var throwing = event("thrown at");
        var forgotten = event("forgotten");
        var fine = event("fine");
        var fineAt = service.write(throwing);
        fineAt = service.write(forgotten);
        fineAt = service.write(fine);
        EventHandler<TransactionWithdrawn> handler =
                batch -> {
                    var event = batch.getFirst().event();
                    if (event.equals(throwing)) {
                        throw new IllegalArgumentException("thrown");
                    }
                    return event.equals(forgotten)
                            ? List.of()
                            : List.of(CompletableFuture.completedFuture(null));
                };

        join(group, handler);

        deadLetter(group, throwing.key());
        deadLetter(group, forgotten.key());
        service.awaitCommitted(group, fineAt);
    }

    @Test
    void takesNoMoreThanItsWindowUntilSomethingIsDone() throws Exception {
        var group = service.freshGroup(TOPIC);
        var handler = new RecordingHandler<TransactionWithdrawn>();
        var gate = new CompletableFuture<Void>();
        handler.answer(_ -> gate);
        var first = event("0");
        var lastAt = service.write(first);
        for (int i = 1; i < 5 * WINDOW; i++) {
            lastAt = service.write(sameKey(first, "" + i));
        }

        join(group, handler);

        // Polls bring one record each here: not one more is taken than the window has room for.
        await().until(() -> handler.handed().size() == WINDOW);
        await().during(Duration.ofMillis(800))
                .atMost(Duration.ofSeconds(3))
                .until(() -> handler.handed().size() == WINDOW);
        gate.complete(null);
        service.awaitCommitted(group, lastAt);
        assertThat(handler.handed()).hasSize(5 * WINDOW);
    }

    @Test
    void readsNothingWhileItsHandlerHasNoRoomAndStaysAMember() throws Exception {
        var group = service.freshGroup(TOPIC);
        var handler = new RecordingHandler<TransactionWithdrawn>();
        handler.room(false);
        service.write(event("first"));

        var consumer = join(group, handler);
        await().until(consumer::isAssigned);
        var lastAt = service.write(event("second"));
        await().during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(3))
                .until(() -> handler.handed().isEmpty());
        assertThat(consumer.isAssigned()).isTrue();

        handler.room(true);
        service.awaitCommitted(group, lastAt);
        assertThat(handler.handed()).hasSize(2);
    }

    @Test
    void sharesPartitionsAndTakesOverWhatALeavingMemberLeft() throws Exception {
        var group = service.freshGroup(TOPIC);
        var one = new RecordingHandler<TransactionWithdrawn>();
        var other = new RecordingHandler<TransactionWithdrawn>();
        var leaving = join(group, one);
        await().until(leaving::isAssigned);
        var staying = join(group, other);
        await().until(staying::isAssigned);
        await().until(
                        () -> {
                            service.write(event("probe"));
                            return !one.handed().isEmpty() && !other.handed().isEmpty();
                        });

        var never = new CompletableFuture<Void>();
        one.answer(_ -> never);
        var written = new HashSet<TransactionWithdrawn>();
        await().until(
                        () -> {
                            var event = event("held by the first");
                            written.add(event);
                            service.write(event);
                            return one.handed().stream().anyMatch(written::contains);
                        });
        leaving.stop();

        await().atMost(Duration.ofSeconds(20)).until(() -> other.handed().containsAll(written));
    }

    @Test
    void tellsHowFarItIsBehindItsTopic() throws Exception {
        var group = service.freshGroup(TOPIC);
        var handler = new RecordingHandler<TransactionWithdrawn>();
        var slow = event("slow");
        var hold = handler.hold(slow);
        service.write(slow);
        service.write(sameKey(slow, "done, but behind the slow one"));

        var consumer = join(group, handler);

        await().until(() -> gauge(ConsumerMetrics.LAG, group) == 2);
        assertThat(gauge(ConsumerMetrics.ASSIGNED, group)).isEqualTo(1);
        hold.complete(null);
        await().until(() -> gauge(ConsumerMetrics.LAG, group) == 0);
        consumer.stop();
        assertThat(gauge(ConsumerMetrics.ASSIGNED, group)).isZero();
    }

    @Test
    void countsDeadLettersFromZeroOn() {
        var group = "nobody-" + UUID.randomUUID();

        service.part(EventConsumers.class)
                .inGroup(
                        group,
                        TOPIC,
                        TransactionWithdrawn.class,
                        Pace.AT_ONCE,
                        new RecordingHandler<>());

        assertThat(
                        service.part(MeterRegistry.class)
                                .get(DeadLetters.COUNT)
                                .tag("group", group)
                                .counters())
                .hasSize(2)
                .allMatch(counter -> counter.count() == 0);
    }

    private double inFlight(String group) {
        return gauge(ConsumerMetrics.IN_FLIGHT, group);
    }

    private double gauge(String name, String group) {
        return service.part(MeterRegistry.class).get(name).tag("group", group).gauge().value();
    }

    private EventConsumer<TransactionWithdrawn> join(
            String group, EventHandler<TransactionWithdrawn> handler) {
        var consumer =
                service.part(EventConsumers.class)
                        .inGroup(group, TOPIC, TransactionWithdrawn.class, Pace.AT_ONCE, handler);
        started.add(consumer);
        consumer.start();
        return consumer;
    }

    private EventLogReader<TransactionWithdrawn> deadLetters(String group) {
        return new EventLogReader<>(
                service.servers().bootstrapServers(),
                TOPIC.deadLetterTopicName(group),
                TransactionWithdrawn.class);
    }

    private ConsumerRecord<String, byte[]> deadLetter(String group, String key) {
        try (var letters = deadLetters(group)) {
            return letters.awaitRecords(key, 1).getFirst();
        }
    }

    private static Map<String, String> headers(ConsumerRecord<String, byte[]> record) {
        return StreamSupport.stream(record.headers().spliterator(), false)
                .collect(
                        Collectors.toMap(
                                header -> header.key(),
                                header -> new String(header.value(), UTF_8),
                                (_, last) -> last));
    }

    private static long longHeader(ConsumerRecord<String, byte[]> record, String name) {
        return ByteBuffer.wrap(record.headers().lastHeader(name).value()).getLong();
    }

    private static TransactionWithdrawn event(String by) {
        return sameKey(
                new TransactionWithdrawn(
                        UUID.randomUUID(), Withdrawal.CANCELLED, Instant.EPOCH, Samples.CALLER),
                by);
    }

    private static TransactionWithdrawn sameKey(TransactionWithdrawn as, String by) {
        return new TransactionWithdrawn(
                as.txId(), Withdrawal.CANCELLED, Instant.EPOCH, new Actor(Actor.Kind.SERVICE, by));
    }
}
