package nod.messaging.deadletter;

import nod.messaging.consume.ReplayHeader;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

import java.time.Instant;

/**
 * A dead letter.
 *
 * @param topic whose it is
 * @param record as it lies on Kafka
 * @param fate what became of it
 */
record Letter(DeadLetterTopic topic, ConsumerRecord<byte[], byte[]> record, Fate fate) {

    /** Begins the names of what was added to a record when it became a dead letter. */
    static final String ADDED = "kafka_dlt-";

    Place place() {
        return new Place(topic.name(), record.partition(), record.offset());
    }

    /** When it was given up. */
    Instant time() {
        return Instant.ofEpochMilli(record.timestamp());
    }

    /**
     * The record as its topic once had it, with the name of the group that it is for. It has a new
     * timestamp: with its own, the topic might not keep it until it is read.
     */
    ProducerRecord<byte[], byte[]> toReplay() {
        var headers = new RecordHeaders();
        for (var header : record.headers()) {
            if (!header.key().startsWith(ADDED)) {
                headers.add(header);
            }
        }
        ReplayHeader.set(headers, topic.group());
        return new ProducerRecord<>(
                topic.topic().topicName(), null, record.key(), record.value(), headers);
    }
}
