package nod.messaging.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import nod.messaging.MessagingFixture;
import nod.messaging.consume.AnyGroup;
import nod.messaging.consume.EventConsumer;
import nod.messaging.consume.EventConsumers;
import nod.messaging.consume.EventTail;
import nod.messaging.consume.Printable;
import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.messaging.event.Traceparent;
import nod.messaging.testing.EventLogReader;
import nod.schemas.event.Answer;
import nod.schemas.event.ResponseReceived;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Records that become dead letters, and the command that an operator has for them. */
class DeadLettersIT {

    private static final Topic TOPIC = Topic.RESPONSE_RECEIVED;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final MessagingFixture service =
            new MessagingFixture("--nod.messaging.consumer.max-attempts=1");

    private final List<EventConsumer<?>> members = new ArrayList<>();
    private final EventCodec codec = new EventCodec();
    private String group = "";

    /** What a command printed, and its exit status. */
    private record Outcome(int status, String out, String err) {

        /** The rows below the head. */
        List<String> rows() {
            return out.lines().skip(1).toList();
        }

        /** Topic, partition and offset of the only row, as arguments. */
        String[] place() {
            assertThat(rows()).hasSize(1);
            return Arrays.copyOfRange(rows().getFirst().split(" {2,}"), 3, 6);
        }
    }

    @BeforeEach
    void begin() throws Exception {
        group = service.freshGroup(TOPIC);
    }

    @AfterEach
    void stopMembers() {
        members.forEach(EventConsumer::stop);
        members.clear();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void showsARecordThatIsNoEventAndLeavesItUntilItIsDismissed() throws Exception {
        var key = "\u001b[2J" + UUID.randomUUID();
        var bytes = new byte[] {'n', 'o', ' ', (byte) 0xff, 0x1b, '['};
        service.write(new ProducerRecord<>(TOPIC.topicName(), key, bytes));
        join(group, MendableHandler.sound());

        var place = awaitOpen(1).place();
        assertThat(command("list").rows().getFirst())
                .contains("open", "\\u001b[2J", TOPIC.deadLetterTopicName(group))
                .endsWith(
                        "nod.messaging.event.UndecodableEventException: not a CloudEvent:"
                                + " CloudEventRWException");
        assertThat(command("show", place).out().lines())
                .contains("group: " + group, "key: " + Printable.text(key), "state: open")
                .contains("kafka_dlt-original-topic: " + TOPIC.topicName())
                .anyMatch(line -> line.matches("kafka_dlt-original-offset: \\d+"))
                .last()
                .isEqualTo("no \\xff\\x1b[");

        assertThat(command("replay"))
                .matches(replay -> replay.status() == 1)
                .matches(replay -> replay.err().contains("which this version can't read"))
                .matches(replay -> replay.err().contains("Replayed 0 dead letters"));
        assertThat(command("replay", place).status()).isEqualTo(1);
        assertThat(recordsOf(key)).hasSize(1);

        assertThat(command("dismiss", place).status()).isZero();
        assertThat(command("list").rows()).isEmpty();
        assertThat(command("replay").status()).isZero();
        assertThat(command("list", "--all").rows())
                .singleElement()
                .asString()
                .contains("dismissed");
    }

    @Test
    void replaysForItsGroupAloneOnceTheCauseIsMended() throws Exception {
        var other = service.freshGroup(TOPIC);
        var mended = MendableHandler.broken();
        var sound = MendableHandler.sound();
        var heard = new CopyOnWriteArrayList<Envelope<ResponseReceived>>();
        var tail = tail(heard);
        join(group, mended);
        join(other, sound);
        var event = event();
        var at = service.write(codec.encode(event));
        awaitOpen(1);

        mended.mend();
        var replay = command("replay");

        assertThat(replay.status()).isZero();
        assertThat(replay.err())
                .isEqualTo(
                        "Replayed 1 dead letters of %s for the group %s.%n"
                                .formatted(TOPIC.topicName(), group));
        await().atMost(PATIENCE).until(() -> mended.taken().equals(List.of(event)));
        var records = recordsOf(event.event().key());
        var copy = records.getLast();
        assertThat(records).hasSize(2);
        assertThat(copy.partition()).isEqualTo(at.partition());
        assertThat(copy.value()).isEqualTo(records.getFirst().value());
        assertThat(headers(copy))
                .containsExactlyElementsOf(
                        Stream.concat(
                                        headers(records.getFirst()).stream(),
                                        Stream.of("nod_replay-for=" + group))
                                .toList());

        // The others have passed the copy by when they hear what is written behind it.
        var behind = sameKey(event);
        service.write(codec.encode(behind));
        await().atMost(PATIENCE).until(() -> sound.taken().contains(behind));
        await().atMost(PATIENCE).until(() -> heard.contains(behind));
        assertThat(sound.taken()).containsExactly(event, behind);
        assertThat(heard).containsExactly(event, behind);
        await().atMost(PATIENCE).until(() -> service.committed(other, at) > copy.offset());
        tail.stop();
    }

    @Test
    void replaysNothingASecondTime() throws Exception {
        var event = deadLetter();

        assertThat(command("replay").err()).contains("Replayed 1 dead letters");
        var second = command("replay");

        assertThat(second.status()).isZero();
        assertThat(second.err()).contains("Replayed 0 dead letters");
        assertThat(recordsOf(event.event().key())).hasSize(2);
        assertThat(command("list").rows()).isEmpty();
        assertThat(command("list", "--all").rows()).singleElement().asString().contains("replayed");
    }

    @Test
    void replaysOneInTheMiddleAndRemembersIt() throws Exception {
        var first = deadLetter();
        var second = deadLetter();
        var third = deadLetter();
        var place =
                command("list").rows().stream()
                        .filter(row -> row.contains(second.event().key()))
                        .map(row -> Arrays.copyOfRange(row.split(" {2,}"), 3, 6))
                        .findFirst()
                        .orElseThrow();

        assertThat(command("replay", place).err()).startsWith("Replayed " + place[0]);
        assertThat(command("replay", place))
                .matches(again -> again.status() == 0)
                .matches(again -> again.err().contains("was replayed before"));
        assertThat(command("replay", place[0]).err()).contains("Replayed 2 dead letters");

        for (var event : List.of(first, second, third)) {
            assertThat(recordsOf(event.event().key())).hasSize(2);
        }
    }

    @Test
    void makesADeadLetterAgainOfWhatFailsAgain() throws Exception {
        var handler = MendableHandler.broken();
        join(group, handler);
        var event = event();
        service.write(codec.encode(event));
        awaitOpen(1);

        command("replay");

        await().atMost(PATIENCE).until(() -> command("list", "--all").rows().size() == 2);
        var again = command("show", command("list").place()).out().lines().toList();
        assertThat(again).contains("ce_id: " + event.id(), "nod_replay-for: " + group);
        assertThat(again)
                .filteredOn(line -> line.startsWith("kafka_dlt-exception-fqcn"))
                .containsExactly("kafka_dlt-exception-fqcn: java.lang.IllegalStateException");
        handler.mend();
        command("replay");
        await().atMost(PATIENCE).until(() -> handler.taken().equals(List.of(event)));
        assertThat(command("list").rows()).isEmpty();
    }

    @Test
    void replaysAgainWhatWasCutOffBeforeItWasNoted() throws Exception {
        var event = deadLetter();
        var topic = new DeadLetterTopic(TOPIC, group);
        var configuration =
                Map.<String, Object>of("bootstrap.servers", service.servers().bootstrapServers());
        try (var consumer =
                        new KafkaConsumer<>(
                                configuration,
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer());
                var killed = new KilledBeforeTheNote(configuration)) {
            var log = new DeadLetterLog(consumer, PATIENCE);

            assertThatThrownBy(() -> log.read(topic, new Replay(killed)::replay))
                    .isInstanceOf(KafkaException.class);
        }
        assertThat(recordsOf(event.event().key())).hasSize(2);

        assertThat(command("replay").err()).contains("Replayed 1 dead letters");

        assertThat(recordsOf(event.event().key())).hasSize(3);
    }

    @Test
    void findsNothingInATopicThatIsMissing() {
        var missing = "group-" + UUID.randomUUID();
        group = missing;

        assertThat(command("list")).matches(list -> list.status() == 0);
        assertThat(command("list").rows()).isEmpty();
        assertThat(command("replay").status()).isZero();
        assertThat(command("show", TOPIC.deadLetterTopicName(missing), "0", "0").status())
                .isEqualTo(1);
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        deadLetter();
        var name = TOPIC.deadLetterTopicName(group);
        command("dismiss", command("list").place());

        assertThat(command("show", name, "0", "7"))
                .matches(outcome -> outcome.status() == 1)
                .matches(outcome -> outcome.err().contains("there is none at " + name + " 0 7"));
        // That is where the note lies.
        assertThat(command("show", name, "0", "1").status()).isEqualTo(1);
        assertThat(command("dismiss", name, "3", "0").status()).isEqualTo(1);
        assertThat(command("replay", "another-dlt"))
                .matches(outcome -> outcome.status() == 2)
                .matches(outcome -> outcome.err().contains("expected one of [" + name + "]"));
        assertThat(command("lst").status()).isEqualTo(2);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void saysThatKafkaIsAway() {
        var list = run("list", "--spring.kafka.bootstrap-servers=127.0.0.1:1");

        assertThat(list.status()).isEqualTo(1);
        assertThat(list.err()).contains("Kafka at [127.0.0.1:1]", "spring.kafka.bootstrap-servers");
    }

    /** An event that a member with a bug gave up; the member has left. */
    private Envelope<ResponseReceived> deadLetter() throws Exception {
        var open = command("list").rows().size();
        var event = event();
        var at = service.write(codec.encode(event));
        var member = join(group, MendableHandler.broken());
        awaitOpen(open + 1);
        service.awaitCommitted(group, at);
        member.stop();
        return event;
    }

    private Outcome awaitOpen(int letters) {
        return await().atMost(PATIENCE)
                .until(() -> command("list"), list -> list.rows().size() == letters);
    }

    private EventConsumer<?> join(String group, MendableHandler handler) {
        var member =
                AnyGroup.member(
                        service.part(EventConsumers.class),
                        group,
                        TOPIC,
                        ResponseReceived.class,
                        handler);
        members.add(member);
        member.start();
        return member;
    }

    private EventTail<?> tail(List<Envelope<ResponseReceived>> heard) {
        var tail =
                service.part(EventConsumers.class)
                        .tail(
                                TOPIC,
                                ResponseReceived.class,
                                new EventTail.Listener<ResponseReceived>() {
                                    @Override
                                    public void on(Envelope<ResponseReceived> event) {
                                        heard.add(event);
                                    }

                                    @Override
                                    public void onReady() {}
                                });
        tail.start();
        await().until(tail::isReady);
        return tail;
    }

    private List<ConsumerRecord<String, byte[]>> recordsOf(String key) {
        try (var log =
                new EventLogReader<>(
                        service.servers().bootstrapServers(), TOPIC, ResponseReceived.class)) {
            return log.recordsUntilNow(key);
        }
    }

    private static List<String> headers(ConsumerRecord<?, ?> record) {
        return StreamSupport.stream(record.headers().spliterator(), false)
                .map(header -> header.key() + "=" + new String(header.value(), UTF_8))
                .toList();
    }

    private static Envelope<ResponseReceived> event() {
        return envelope(UUID.randomUUID());
    }

    private static Envelope<ResponseReceived> sameKey(Envelope<ResponseReceived> as) {
        return envelope(as.event().txId());
    }

    private static Envelope<ResponseReceived> envelope(UUID txId) {
        return new Envelope<>(
                UUID.randomUUID(),
                Instant.EPOCH,
                Traceparent.start(),
                new ResponseReceived(txId, UUID.randomUUID(), Answer.ITEM, Instant.EPOCH, false));
    }

    private Outcome command(String verb, String... others) {
        var words = new ArrayList<>(List.of(verb));
        words.addAll(List.of(others));
        words.add("--spring.kafka.bootstrap-servers=" + service.servers().bootstrapServers());
        return run(words.toArray(String[]::new));
    }

    private Outcome run(String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var arguments = new ArrayList<>(List.of("dead-letters"));
        arguments.addAll(List.of(words));
        var status =
                DeadLettersMain.run(
                        "some-service",
                        List.of(new DeadLetterTopic(TOPIC, group)),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        arguments.toArray(String[]::new));
        return new Outcome(status, out.toString(UTF_8), err.toString(UTF_8));
    }

    /** What it publishes is acknowledged; then it is gone. */
    private static final class KilledBeforeTheNote extends KafkaProducer<byte[], byte[]> {

        KilledBeforeTheNote(Map<String, Object> configuration) {
            super(configuration, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            if (record.topic().endsWith("-dlt")) {
                throw new KafkaException("killed");
            }
            return super.send(record);
        }
    }
}
