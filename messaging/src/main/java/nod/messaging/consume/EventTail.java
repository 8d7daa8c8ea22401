package nod.messaging.consume;

import nod.messaging.batch.Batches;
import nod.messaging.event.Envelope;
import nod.messaging.event.UndecodableEventException;
import nod.schemas.event.Event;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Reads every new event of a topic, from all its partitions and without a group: for what is held
 * in memory by each instance of a service. Nothing is committed; what was written while it was not
 * ready is not read, so the listener looks for itself when it becomes ready again. A record that is
 * replayed for a group is no new event.
 */
public final class EventTail<E extends Event> implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(EventTail.class);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration METADATA_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    /** New partitions are taken up this often: topics grow by an operator's hand, and rarely. */
    private static final Duration LOOK_FOR_PARTITIONS = Duration.ofSeconds(30);

    /** Who hears the events. Called on the tail's own thread; must not block. */
    public interface Listener<E extends Event> {

        /** An event was written since the tail became ready. */
        void on(Envelope<E> event);

        /**
         * Every position is known: from here on nothing is missed. Earlier events may have been.
         */
        void onReady();
    }

    private final Topic topic;
    private final Class<E> type;
    private final Listener<E> listener;
    private final ConsumerWiring wiring;
    private volatile boolean ready;
    private volatile boolean running;
    private volatile @Nullable Consumer<String, byte[]> current;
    private Thread thread = new Thread();

    EventTail(Topic topic, Class<E> type, Listener<E> listener, ConsumerWiring wiring) {
        this.topic = topic;
        this.type = type;
        this.listener = listener;
        this.wiring = wiring;
    }

    /** Whether every new event is heard. */
    public boolean isReady() {
        return ready;
    }

    private void run() {
        while (running) {
            // A null group: positions are this reader's own.
            try (var consumer =
                    wiring.consumers().createConsumer(null, "tail-", "-" + topic.topicName())) {
                current = consumer;
                while (running) {
                    follow(consumer);
                }
            } catch (WakeupException stopped) {
                log.debug("The tail of {} was woken up to stop", topic.topicName());
            } catch (RuntimeException failure) {
                // Whatever it is, a service that silently hears no more would be worse.
                log.warn("The tail of {} was lost, begins again", topic.topicName(), failure);
                ready = false;
                pause();
            } finally {
                ready = false;
                current = null;
            }
        }
    }

    /** Reads on from the end until the partitions may have changed. */
    private void follow(Consumer<String, byte[]> consumer) {
        ready = false;
        var partitions = partitions(consumer);
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(partition -> consumer.position(partition, METADATA_TIMEOUT));
        ready = true;
        listener.onReady();
        var sinceLook = System.nanoTime();
        while (running) {
            var records = consumer.poll(POLL);
            Batches.together(() -> records.forEach(this::tell));
            if (System.nanoTime() - sinceLook > LOOK_FOR_PARTITIONS.toNanos()) {
                sinceLook = System.nanoTime();
                if (partitions(consumer).size() != partitions.size()) {
                    return;
                }
            }
        }
    }

    private List<TopicPartition> partitions(Consumer<String, byte[]> consumer) {
        var partitions =
                consumer.partitionsFor(topic.topicName(), METADATA_TIMEOUT).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        if (partitions.isEmpty()) {
            throw new KafkaException(topic.topicName() + " does not exist yet");
        }
        return partitions;
    }

    private void tell(ConsumerRecord<String, byte[]> record) {
        if (ReplayHeader.isReplay(record)) {
            return;
        }
        try {
            listener.on(wiring.codec().decode(record, type));
        } catch (UndecodableEventException undecodable) {
            log.warn(
                    "Skipped {} partition {} offset {}: {}",
                    topic.topicName(),
                    record.partition(),
                    record.offset(),
                    undecodable.getMessage());
        }
    }

    private static void pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(RECONNECT.toNanos());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofPlatform().name("tail-" + topic.topicName()).daemon().start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        var consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        try {
            thread.join(METADATA_TIMEOUT);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
