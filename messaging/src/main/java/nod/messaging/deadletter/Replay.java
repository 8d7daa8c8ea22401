package nod.messaging.deadletter;

import nod.messaging.event.EventCodec;
import nod.messaging.event.UndecodableEventException;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * Writes dead letters to their topic again, and notes it.
 *
 * <p>At least once: a letter is noted only when every in-sync replica has the record, so that one
 * whose replay was cut off in between is replayed again.
 */
final class Replay {

    private final Producer<byte[], byte[]> producer;
    private final EventCodec codec = new EventCodec();

    Replay(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /** Whether this version knows the record as an event; one that it doesn't would come back. */
    boolean canRead(Letter letter) {
        try {
            codec.decode(letter.record(), letter.topic().topic().eventType());
            return true;
        } catch (UndecodableEventException undecodable) {
            return false;
        }
    }

    /**
     * Replays these letters.
     *
     * @throws KafkaException when not all were acknowledged: some may have been written
     */
    void replay(List<Letter> letters) {
        write(letters.stream().map(Letter::toReplay).toList());
        note(letters, Fate.REPLAYED);
    }

    /** Notes what became of these letters. */
    void note(List<Letter> letters, Fate fate) {
        write(letters.stream().map(letter -> Note.on(letter, fate)).toList());
    }

    private void write(List<ProducerRecord<byte[], byte[]>> records) {
        var sent = records.stream().map(producer::send).toList();
        producer.flush();
        try {
            for (var acknowledged : sent) {
                acknowledged.get();
            }
        } catch (ExecutionException refused) {
            throw new KafkaException(refused.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted", interrupted);
        }
    }
}
