package nod.benchmarks.pieces;

import nod.messaging.event.Envelope;
import nod.messaging.event.EventCodec;
import nod.schemas.event.TransactionStarted;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** An event becomes a record, and a record an event. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EventCodecBenchmark {

    private final EventCodec codec = new EventCodec();
    private final Envelope<TransactionStarted> event = Examples.started();
    private final ConsumerRecord<String, byte[]> record = received(codec.encode(event));

    @Benchmark
    public ProducerRecord<String, byte[]> encode() {
        return codec.encode(event);
    }

    @Benchmark
    public Envelope<TransactionStarted> decode() {
        return codec.decode(record, TransactionStarted.class);
    }

    private static ConsumerRecord<String, byte[]> received(ProducerRecord<String, byte[]> sent) {
        return new ConsumerRecord<>(
                sent.topic(),
                0,
                0,
                0,
                TimestampType.CREATE_TIME,
                sent.key().length(),
                sent.value().length,
                sent.key(),
                sent.value(),
                new RecordHeaders(sent.headers()),
                Optional.empty());
    }
}
