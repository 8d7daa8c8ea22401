package nod.messaging.consume;

import nod.schemas.event.Event;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Works through a topic as a member of a consumer group.
 *
 * <p>A bounded window of records a partition is in flight; they finish in any order, and the lowest
 * unfinished offset is what is committed: a slow record holds back nothing but the commit. While
 * the handler has no room, nothing is read. One thread polls and owns all state; handlers complete
 * on any thread. A record that is replayed for another group is passed by.
 */
public final class EventConsumer<E extends Event> implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(EventConsumer.class);

    private static final Duration POLL = Duration.ofMillis(50);

    /** So soon what is held back is read when there is room for it. */
    private static final Duration HELD_POLL = Duration.ofMillis(5);

    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(200);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    private final Topic topic;
    private final String group;
    private final Pace pace;
    private final ConsumerWiring wiring;
    private final Handover<E> handover;
    private final Windows windows;
    private final ConsumerMetrics metrics;
    private final Processing<E> processing;
    private long lastCommit = System.nanoTime();
    private volatile boolean running;
    private volatile boolean assigned;
    private volatile @Nullable Consumer<String, byte[]> current;
    private Thread thread = new Thread();

    EventConsumer(
            Topic topic,
            Class<E> type,
            String group,
            Pace pace,
            EventHandler<E> handler,
            ConsumerWiring wiring) {
        this.topic = topic;
        this.group = group;
        this.pace = pace;
        this.wiring = wiring;
        this.handover = new Handover<>(topic, type, group, handler, wiring);
        this.windows = new Windows(group, wiring.window(), COMMIT_TIMEOUT);
        this.metrics = new ConsumerMetrics(topic, group, this::isAssigned, wiring.metrics());
        this.processing = new Processing<>(topic, group, wiring, handover, windows, metrics);
        wiring.deadLetters().expect(topic, group);
    }

    /** Whether this member has joined its group since it last lost the broker. */
    public boolean isAssigned() {
        return assigned;
    }

    /** Where it keeps the records that it could not process. */
    public String deadLetterTopic() {
        return topic.deadLetterTopicName(group);
    }

    private void run() {
        while (running) {
            try (var consumer =
                    wiring.consumers()
                            .createConsumer(group, "", "-" + topic.topicName(), pace.settings())) {
                current = consumer;
                consumer.subscribe(List.of(topic.topicName()), new Rebalance(consumer));
                while (running) {
                    turn(consumer);
                }
                drain(consumer);
            } catch (WakeupException stopped) {
                log.debug("{} of {} was woken up to stop", group, topic.topicName());
            } catch (RuntimeException failure) {
                // Whatever it is, a service that silently reads no more would be worse.
                log.warn("{} lost {}, joins again", group, topic.topicName(), failure);
                pause();
            } finally {
                forget();
            }
        }
    }

    private void turn(Consumer<String, byte[]> consumer) {
        boolean room = handover.hasRoom();
        windows.throttle(consumer, room);
        processing.begin(consumer.poll(room ? POLL : HELD_POLL));
        processing.retryDue();
        processing.settle();
        if (System.nanoTime() - lastCommit >= COMMIT_INTERVAL.toNanos()) {
            lastCommit = System.nanoTime();
            metrics.behind(windows.behind(consumer));
            windows.commit(consumer);
        }
    }

    /** Takes nothing more, gives what is in flight some time, commits, leaves. */
    private void drain(Consumer<String, byte[]> consumer) {
        var deadline = System.nanoTime() + wiring.drain().toNanos();
        consumer.pause(consumer.assignment());
        while (windows.inFlight() > 0 && System.nanoTime() < deadline) {
            consumer.poll(POLL);
            processing.retryDue();
            processing.settle();
        }
        processing.settle();
        windows.commitNow(consumer);
    }

    private void forget() {
        current = null;
        assigned = false;
        windows.clear();
        processing.forgetRetries();
        metrics.behind(0);
        processing.settle();
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
        thread = Thread.ofPlatform().name(group + "-" + topic.topicName()).start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        try {
            thread.join(wiring.drain().plus(COMMIT_TIMEOUT).plusSeconds(1));
            var consumer = current;
            if (consumer != null) {
                consumer.wakeup();
                thread.join(COMMIT_TIMEOUT);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Several consumers of a service stop side by side. */
    @Override
    public void stop(Runnable callback) {
        Thread.ofVirtual()
                .name("stop-" + topic.topicName())
                .start(
                        () -> {
                            try {
                                stop();
                            } finally {
                                callback.run();
                            }
                        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private final class Rebalance implements ConsumerRebalanceListener {

        private final Consumer<String, byte[]> consumer;

        Rebalance(Consumer<String, byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assigned = true;
            log.info("{} works on {}", group, partitions);
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            processing.settle();
            windows.commitNow(consumer, partitions);
            windows.remove(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            assigned = false;
            windows.remove(partitions);
        }
    }
}
