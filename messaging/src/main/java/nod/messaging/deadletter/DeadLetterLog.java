package nod.messaging.deadletter;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads topics of dead letters, whole and without a group. Not thread-safe. */
final class DeadLetterLog {

    private static final Duration POLL = Duration.ofMillis(100);

    /** What is done with the records of a poll. */
    private interface Batch {
        void accept(List<ConsumerRecord<byte[], byte[]>> records);
    }

    /** What is done with some letters, in the order of their partition. */
    interface LettersListener {
        void on(List<Letter> letters);
    }

    /** From an offset to the end, as it was when it was looked up. */
    private record Span(long from, long end) {}

    private final Consumer<byte[], byte[]> consumer;
    private final Duration patience;

    /**
     * @param patience how long Kafka may give no answer
     */
    DeadLetterLog(Consumer<byte[], byte[]> consumer, Duration patience) {
        this.consumer = consumer;
        this.patience = patience;
    }

    /**
     * Reads all letters that were written until now; there are none where the topic is missing. The
     * topic is read twice, so that it never has to fit into memory.
     */
    void read(DeadLetterTopic topic, LettersListener listener) {
        var spans = spans(topic.name());
        var fates = new HashMap<Place, Fate>();
        scan(spans, records -> records.forEach(record -> note(record, fates)));
        scan(spans, records -> listener.on(letters(topic, records, fates)));
    }

    /** The letter that lies there; empty if none does. */
    Optional<Letter> find(DeadLetterTopic topic, Place place) {
        var partition = new TopicPartition(place.topic(), place.partition());
        var span = spans(topic.name()).get(partition);
        if (span == null || place.offset() < span.from || place.offset() >= span.end) {
            return Optional.empty();
        }
        var fates = new HashMap<Place, Fate>();
        var found = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        scan(
                Map.of(partition, new Span(place.offset(), span.end)),
                records -> {
                    records.forEach(record -> note(record, fates));
                    records.stream()
                            .filter(record -> record.offset() == place.offset())
                            .forEach(found::add);
                });
        return letters(topic, found, fates).stream().findFirst();
    }

    private static void note(ConsumerRecord<?, ?> record, Map<Place, Fate> fates) {
        if (Note.isNote(record)) {
            Note.of(record)
                    .ifPresent(
                            note ->
                                    fates.put(
                                            new Place(
                                                    record.topic(),
                                                    note.partition(),
                                                    note.offset()),
                                            note.fate()));
        }
    }

    private static List<Letter> letters(
            DeadLetterTopic topic,
            List<ConsumerRecord<byte[], byte[]>> records,
            Map<Place, Fate> fates) {
        return records.stream()
                .filter(record -> !Note.isNote(record))
                .map(record -> new Letter(topic, record, fate(record, fates)))
                .toList();
    }

    private static Fate fate(ConsumerRecord<?, ?> record, Map<Place, Fate> fates) {
        var place = new Place(record.topic(), record.partition(), record.offset());
        return fates.getOrDefault(place, Fate.OPEN);
    }

    private Map<TopicPartition, Span> spans(String topic) {
        var partitions =
                consumer.partitionsFor(topic, patience).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        var begins = consumer.beginningOffsets(partitions, patience);
        var ends = consumer.endOffsets(partitions, patience);
        var spans = new HashMap<TopicPartition, Span>();
        begins.forEach(
                (partition, begin) ->
                        spans.put(partition, new Span(begin, ends.getOrDefault(partition, begin))));
        return spans;
    }

    private void scan(Map<TopicPartition, Span> spans, Batch batch) {
        consumer.assign(spans.keySet());
        spans.forEach((partition, span) -> consumer.seek(partition, span.from));
        var heard = System.nanoTime();
        while (!isAtTheEnd(spans)) {
            var records = within(spans, consumer.poll(POLL));
            if (!records.isEmpty()) {
                batch.accept(records);
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > patience.toNanos()) {
                throw new TimeoutException("nothing was read for " + patience.toSeconds() + " s");
            }
        }
    }

    private boolean isAtTheEnd(Map<TopicPartition, Span> spans) {
        return spans.entrySet().stream()
                .allMatch(
                        entry ->
                                consumer.position(entry.getKey(), patience)
                                        >= entry.getValue().end);
    }

    private static List<ConsumerRecord<byte[], byte[]>> within(
            Map<TopicPartition, Span> spans, Iterable<ConsumerRecord<byte[], byte[]>> records) {
        var within = new ArrayList<ConsumerRecord<byte[], byte[]>>();
        for (var record : records) {
            var span = spans.get(new TopicPartition(record.topic(), record.partition()));
            if (span != null && record.offset() < span.end) {
                within.add(record);
            }
        }
        return within;
    }
}
