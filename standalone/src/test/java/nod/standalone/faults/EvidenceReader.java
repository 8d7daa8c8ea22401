package nod.standalone.faults;

import nod.messaging.event.EventCodec;
import nod.messaging.event.UndecodableEventException;
import nod.schemas.event.Topic;
import nod.simulators.fault.Provider;
import nod.simulators.inbox.Received;
import nod.simulators.wire.Reaction;
import nod.standalone.faults.Evidence.Attempt;
import nod.standalone.faults.Evidence.DeadLetter;
import nod.standalone.faults.Evidence.DeviceRow;
import nod.standalone.faults.Evidence.Disturbance;
import nod.standalone.faults.Evidence.EventRecord;
import nod.standalone.faults.Evidence.TransactionRow;
import nod.standalone.faults.Operation.Kind;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.support.KafkaHeaders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Gathers what is known once a run is over and everything is well again. */
final class EvidenceReader {

    private static final Pattern TX_ID = Pattern.compile("tx_id\\W+([0-9a-f-]{36})");
    private static final Duration POLL = Duration.ofMillis(200);

    private final Cluster cluster;
    private final Crowd crowd;
    private final Instant since;
    private final EventCodec codec = new EventCodec();

    /**
     * @param since what is older is left out
     */
    EvidenceReader(Cluster cluster, Crowd crowd, Instant since) {
        this.cluster = cluster;
        this.crowd = crowd;
        this.since = since;
    }

    Evidence read(List<Disturbance> disturbances) throws SQLException {
        var records = new ArrayList<EventRecord>();
        var deadLetters = new ArrayList<DeadLetter>();
        readLog(records, deadLetters);
        return new Evidence(
                crowd.history.promisedIds(),
                crowd.history.operations(),
                crowd.history.observations(),
                rows(
                        """
                        SELECT tx_id, mode, item, created, expires, claim, claimed_by, claimed_item,
                               claimed_at, status, reason, answered_by
                        FROM transaction WHERE created >= ?
                        """,
                        EvidenceReader::transaction),
                rows(
                        "SELECT pk, push_key, sequence FROM device WHERE created >= ?",
                        EvidenceReader::device),
                records,
                attempts(),
                keys(),
                deadLetters,
                logLines(),
                disturbances);
    }

    private interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    private <T> List<T> rows(String query, RowMapper<T> mapper) throws SQLException {
        var rows = new ArrayList<T>();
        try (var connection = cluster.database();
                var statement = connection.prepareStatement(query)) {
            statement.setTimestamp(1, Timestamp.from(since));
            var result = statement.executeQuery();
            while (result.next()) {
                rows.add(mapper.map(result));
            }
        }
        return rows;
    }

    private static TransactionRow transaction(ResultSet row) throws SQLException {
        return new TransactionRow(
                row.getObject("tx_id", UUID.class),
                row.getString("mode"),
                row.getString("item"),
                row.getTimestamp("created").toInstant(),
                row.getTimestamp("expires").toInstant(),
                row.getString("claim"),
                row.getObject("claimed_by", UUID.class),
                row.getString("claimed_item"),
                instant(row.getTimestamp("claimed_at")),
                row.getString("status"),
                row.getString("reason"),
                row.getObject("answered_by", UUID.class));
    }

    private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
        return timestamp == null ? null : timestamp.toInstant();
    }

    private static DeviceRow device(ResultSet row) throws SQLException {
        return new DeviceRow(
                row.getObject("pk", UUID.class),
                row.getString("push_key"),
                row.getLong("sequence"));
    }

    private void readLog(List<EventRecord> records, List<DeadLetter> deadLetters) {
        try (var consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", cluster.bootstrapServers()),
                        new StringDeserializer(),
                        new ByteArrayDeserializer())) {
            for (var record : all(consumer)) {
                if (record.topic().endsWith("-dlt")) {
                    deadLetters.add(deadLetter(record));
                } else {
                    decode(record).ifPresent(records::add);
                }
            }
        }
    }

    private static List<ConsumerRecord<String, byte[]>> all(Consumer<String, byte[]> consumer) {
        var partitions =
                consumer.listTopics().entrySet().stream()
                        .filter(topic -> topic.getKey().startsWith("push."))
                        .flatMap(topic -> topic.getValue().stream())
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        var ends = consumer.endOffsets(partitions);
        var records = new ArrayList<ConsumerRecord<String, byte[]>>();
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(records::add);
        }
        return records;
    }

    /** Nothing where it can't be read, which has to be among the dead letters, or is too old. */
    private Optional<EventRecord> decode(ConsumerRecord<String, byte[]> record) {
        try {
            var envelope = codec.decode(record, Topic.named(record.topic()).eventType());
            if (envelope.time().isBefore(since)) {
                return Optional.empty();
            }
            return Optional.of(
                    new EventRecord(
                            envelope.id(),
                            envelope.event(),
                            new String(record.value(), StandardCharsets.UTF_8)));
        } catch (UndecodableEventException undecodable) {
            return Optional.empty();
        }
    }

    private static DeadLetter deadLetter(ConsumerRecord<String, byte[]> record) {
        return new DeadLetter(
                new String(header(record, KafkaHeaders.DLT_ORIGINAL_TOPIC), StandardCharsets.UTF_8),
                ByteBuffer.wrap(header(record, KafkaHeaders.DLT_ORIGINAL_PARTITION)).getInt(),
                ByteBuffer.wrap(header(record, KafkaHeaders.DLT_ORIGINAL_OFFSET)).getLong());
    }

    private static byte[] header(ConsumerRecord<String, byte[]> record, String name) {
        return Objects.requireNonNull(record.headers().lastHeader(name), name).value();
    }

    private List<Attempt> attempts() {
        return Stream.of(Provider.values())
                .map(cluster.simulators::inbox)
                .flatMap(
                        inbox ->
                                inbox.keys().stream()
                                        .flatMap(
                                                key ->
                                                        inbox.received(key).stream()
                                                                .flatMap(one -> attempt(key, one))))
                .filter(attempt -> !attempt.at().isBefore(since))
                .toList();
    }

    /** Nothing for a push that is no prompt. */
    private static Stream<Attempt> attempt(String key, Received push) {
        var found = TX_ID.matcher(push.text());
        return found.find()
                ? Stream.of(
                        new Attempt(
                                key,
                                UUID.fromString(found.group(1)),
                                push.received(),
                                isDead(push.reaction())))
                : Stream.empty();
    }

    private static boolean isDead(Reaction reaction) {
        return reaction.last() instanceof Reaction.Answer answer
                && (answer.status() == 410 || answer.status() == 404);
    }

    private Map<String, UUID> keys() {
        var keys = new HashMap<>(crowd.firstKeys);
        for (var operation : crowd.history.operations()) {
            if (operation.kind() == Kind.SET_KEY
                    && operation.item() != null
                    && operation.device() != null) {
                keys.put(operation.item(), operation.device());
            }
        }
        return keys;
    }

    private List<String> logLines() {
        return cluster.services().stream()
                .map(JvmNode::log)
                .flatMap(
                        log -> {
                            try {
                                return Files.readAllLines(log).stream();
                            } catch (IOException e) {
                                throw new UncheckedIOException(e);
                            }
                        })
                .filter(line -> line.contains("Dead letter: "))
                .toList();
    }
}
