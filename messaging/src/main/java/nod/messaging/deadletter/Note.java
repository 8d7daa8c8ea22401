package nod.messaging.deadletter;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.support.KafkaHeaders;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A record behind a dead letter, in the same partition, that says what became of it. Being younger,
 * it is kept for at least as long as the letter; the offsets of a group without members, where this
 * could stand as well, are forgotten by the broker after a week.
 *
 * @param offset the letter's
 */
record Note(int partition, long offset, Fate fate) {

    private static final String FATE = "nod_fate";
    private static final String OFFSET = "nod_fate-of";

    /** The note as it is written. It has the letter's key and no value. */
    static ProducerRecord<byte[], byte[]> on(Letter letter, Fate fate) {
        var headers = new RecordHeaders();
        headers.add(FATE, bytes(fate.text()));
        headers.add(OFFSET, bytes("" + letter.place().offset()));
        return new ProducerRecord<>(
                letter.place().topic(),
                letter.place().partition(),
                letter.record().key(),
                null,
                headers);
    }

    /** Whether a record of a topic of dead letters is no letter. */
    static boolean isNote(ConsumerRecord<?, ?> record) {
        var headers = record.headers();
        return headers.lastHeader(FATE) != null
                && headers.lastHeader(KafkaHeaders.DLT_ORIGINAL_TOPIC) == null;
    }

    /** What a note says; empty where it is not understood, as one of a later version. */
    static Optional<Note> of(ConsumerRecord<?, ?> record) {
        var fate = text(record.headers().lastHeader(FATE));
        var offset = text(record.headers().lastHeader(OFFSET));
        for (var known : Fate.values()) {
            if (known.text().equals(fate) && offset.matches("\\d{1,18}")) {
                return Optional.of(new Note(record.partition(), Long.parseLong(offset), known));
            }
        }
        return Optional.empty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String text(@Nullable Header header) {
        return header == null || header.value() == null
                ? ""
                : new String(header.value(), StandardCharsets.US_ASCII);
    }
}
