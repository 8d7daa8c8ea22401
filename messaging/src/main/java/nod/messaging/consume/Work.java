package nod.messaging.consume;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * A record that is being worked on.
 *
 * @param window where it is accounted for
 * @param failures how often it was tried in vain
 * @param faults how many of these failures were its own, none that passes by itself
 */
record Work(
        PartitionWindow window, ConsumerRecord<String, byte[]> record, int failures, int faults) {

    Work(PartitionWindow window, ConsumerRecord<String, byte[]> record) {
        this(window, record, 0, 0);
    }

    Work afterPassingFailure() {
        return new Work(window, record, failures + 1, faults);
    }

    Work afterFault() {
        return new Work(window, record, failures + 1, faults + 1);
    }

    TopicPartition partition() {
        return new TopicPartition(record.topic(), record.partition());
    }
}
