package nod.messaging.consume;

import nod.messaging.event.Envelope;
import nod.messaging.event.UndecodableEventException;
import nod.messaging.trace.Detail;
import nod.messaging.trace.Kind;
import nod.messaging.trace.Span;
import nod.schemas.event.Event;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * Works through a topic as a member of a consumer group.
 *
 * <p>A bounded window of records a partition is in flight; they finish in any order, and the lowest
 * unfinished offset is what is committed: a slow record holds back nothing but the commit. One
 * thread polls and owns all state; handlers complete on any thread. A record that is replayed for
 * another group is passed by.
 */
public final class EventConsumer<E extends Event> implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(EventConsumer.class);

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration COMMIT_INTERVAL = Duration.ofMillis(200);
    private static final Duration COMMIT_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration RECONNECT = Duration.ofSeconds(1);

    private enum Step {
        HANDLED,
        BURIED
    }

    private record Completion(Work work, Step step, @Nullable Throwable failure) {}

    private final Topic topic;
    private final Class<E> type;
    private final String group;
    private final Pace pace;
    private final EventHandler<E> handler;
    private final ConsumerWiring wiring;

    private final Queue<Completion> completions = new ConcurrentLinkedQueue<>();
    private final Retries retries = new Retries();
    private final Map<TopicPartition, PartitionWindow> windows = new HashMap<>();
    private final ConsumerMetrics metrics;
    private final String spanName;
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
        this.type = type;
        this.group = group;
        this.pace = pace;
        this.handler = handler;
        this.wiring = wiring;
        this.metrics = new ConsumerMetrics(topic, group, this::isAssigned, wiring.metrics());
        this.spanName = "process " + topic.topicName();
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
                    turn(consumer, POLL);
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

    private void turn(Consumer<String, byte[]> consumer, Duration wait) {
        accept(consumer.poll(wait));
        runDueRetries();
        settle();
        throttle(consumer);
        if (System.nanoTime() - lastCommit >= COMMIT_INTERVAL.toNanos()) {
            measureLag(consumer);
            commit(consumer);
        }
    }

    /** Asks nobody: the client knows the ends of its partitions from its last fetch. */
    private void measureLag(Consumer<String, byte[]> consumer) {
        long behind = 0;
        for (var partition : consumer.assignment()) {
            var window = windows.get(partition);
            behind += consumer.currentLag(partition).orElse(0);
            behind += window == null ? 0 : window.uncommittable();
        }
        metrics.behind(behind);
    }

    private void accept(ConsumerRecords<String, byte[]> records) {
        var batch = new ArrayList<Work>();
        for (var record : records) {
            var window =
                    windows.computeIfAbsent(
                            new TopicPartition(record.topic(), record.partition()),
                            _ -> new PartitionWindow());
            window.started(record.offset());
            if (ReplayHeader.isForOthersThan(group, record)) {
                window.finished(record.offset());
                continue;
            }
            metrics.taken(1);
            batch.add(new Work(window, record));
        }
        hand(batch);
    }

    private void hand(List<Work> works) {
        var batch = new ArrayList<Work>(works.size());
        var envelopes = new ArrayList<Envelope<E>>(works.size());
        var spans = new ArrayList<Span>(works.size());
        for (var work : works) {
            try {
                var envelope = wiring.codec().decode(work.record(), type);
                var span = span(envelope);
                envelopes.add(envelope.in(span.trace()));
                spans.add(span);
                batch.add(work);
            } catch (UndecodableEventException undecodable) {
                bury(work, undecodable);
            }
        }
        if (!batch.isEmpty()) {
            hand(batch, envelopes, spans);
        }
    }

    private Span span(Envelope<E> envelope) {
        return wiring.tracing()
                .step(Kind.CONSUMER, spanName, envelope.trace())
                .with(Detail.TOPIC, topic.topicName())
                .with(Detail.GROUP, group)
                .with(Detail.EVENT, envelope.id())
                .with(Detail.KEY, envelope.event().key());
    }

    private void hand(List<Work> batch, List<Envelope<E>> envelopes, List<Span> spans) {
        try {
            var stages = List.copyOf(handler.handle(envelopes));
            if (stages.size() != batch.size()) {
                throw new IllegalStateException(
                        "the handler answered %d of %d events"
                                .formatted(stages.size(), batch.size()));
            }
            for (int i = 0; i < batch.size(); i++) {
                var span = spans.get(i);
                stages.get(i)
                        .whenComplete((_, failure) -> span.end(failure))
                        .whenComplete(completionOf(batch.get(i), Step.HANDLED));
            }
        } catch (RuntimeException failure) {
            spans.forEach(span -> span.end(failure));
            batch.forEach(work -> completions.add(new Completion(work, Step.HANDLED, failure)));
        }
    }

    private BiConsumer<@Nullable Object, @Nullable Throwable> completionOf(Work work, Step step) {
        return (_, failure) -> completions.add(new Completion(work, step, failure));
    }

    private void settle() {
        var passing = new ArrayList<Throwable>();
        for (var done = completions.poll(); done != null; done = completions.poll()) {
            var work = done.work();
            if (windows.get(work.partition()) != work.window()) {
                // The partition was taken away meanwhile: its next owner does it again.
                metrics.taken(-1);
            } else if (done.failure() == null) {
                work.window().finished(work.record().offset());
                metrics.taken(-1);
            } else if (done.step() == Step.BURIED
                    || TransientFailures.isTransient(done.failure())) {
                retries.add(work.afterPassingFailure());
                passing.add(unwrapped(done.failure()));
            } else {
                retryOrBury(work.afterFault(), unwrapped(done.failure()));
            }
        }
        report(passing);
    }

    /** One line for many records: an outage fails all that is in flight at once. */
    private void report(List<Throwable> passing) {
        if (!passing.isEmpty()) {
            log.warn(
                    "{} could not work on {} records of {} for now, tries them again; one of them:"
                            + " {}",
                    group,
                    passing.size(),
                    topic.topicName(),
                    passing.getFirst().toString());
        }
    }

    private void retryOrBury(Work work, Throwable fault) {
        if (work.faults() >= wiring.maxAttempts()) {
            bury(work, fault);
            return;
        }
        log.warn(
                "{} failed at {} partition {} offset {} ({} of {} attempts)",
                group,
                topic.topicName(),
                work.record().partition(),
                work.record().offset(),
                work.faults(),
                wiring.maxAttempts(),
                fault);
        retries.add(work);
    }

    /**
     * Writes a dead letter; the record is finished only when that is acknowledged. Where it is not,
     * the record is handled once more later, and buried again if that fails too.
     */
    private void bury(Work work, Throwable why) {
        var exception = why instanceof Exception e ? e : new CompletionException(why);
        wiring.deadLetters()
                .add(topic, group, work.record(), exception)
                .whenComplete(completionOf(work, Step.BURIED));
    }

    private void runDueRetries() {
        var due = retries.takeDue();
        var owned = due.stream().filter(work -> windows.get(work.partition()) == work.window());
        var byBlame = owned.collect(Collectors.partitioningBy(work -> work.faults() > 0));
        metrics.taken(-due.size());
        byBlame.values().forEach(works -> metrics.taken(works.size()));
        // One that failed by itself is handed alone, so that it can't spoil the others' batch.
        required(byBlame.get(true)).forEach(work -> hand(List.of(work)));
        var blameless = required(byBlame.get(false));
        if (!blameless.isEmpty()) {
            hand(blameless);
        }
    }

    private static <T> T required(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    private void throttle(Consumer<String, byte[]> consumer) {
        var paused = consumer.paused();
        var toPause = new HashSet<TopicPartition>();
        var toResume = new HashSet<TopicPartition>();
        windows.forEach(
                (partition, window) -> {
                    if (window.size() >= wiring.window()) {
                        toPause.add(partition);
                    } else if (paused.contains(partition) && window.size() <= wiring.window() / 2) {
                        toResume.add(partition);
                    }
                });
        toPause.removeAll(paused);
        consumer.pause(toPause);
        consumer.resume(toResume);
    }

    private Map<TopicPartition, OffsetAndMetadata> committable(Collection<TopicPartition> of) {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        for (var partition : of) {
            var window = windows.get(partition);
            if (window != null && window.hasProgress()) {
                offsets.put(partition, new OffsetAndMetadata(window.committable()));
            }
        }
        return offsets;
    }

    private void commit(Consumer<String, byte[]> consumer) {
        lastCommit = System.nanoTime();
        var offsets = committable(windows.keySet());
        if (!offsets.isEmpty()) {
            consumer.commitAsync(
                    offsets,
                    (_, failure) -> {
                        if (failure == null) {
                            committed(offsets);
                        } else {
                            log.debug("{} could not commit, tries again", group, failure);
                        }
                    });
        }
    }

    private void commitNow(Consumer<String, byte[]> consumer, Collection<TopicPartition> of) {
        settle();
        var offsets = committable(of);
        if (!offsets.isEmpty()) {
            try {
                consumer.commitSync(offsets, COMMIT_TIMEOUT);
                committed(offsets);
            } catch (KafkaException failure) {
                // What was done is done again by the next owner, who knows the events by their ids.
                log.warn("{} leaves {} without its last commit", group, of, failure);
            }
        }
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach(
                (partition, offset) -> {
                    var window = windows.get(partition);
                    if (window != null) {
                        window.committed(offset.offset());
                    }
                });
    }

    /** Takes nothing more, gives what is in flight some time, commits, leaves. */
    private void drain(Consumer<String, byte[]> consumer) {
        var deadline = System.nanoTime() + wiring.drain().toNanos();
        consumer.pause(consumer.assignment());
        while (inFlightInWindows() > 0 && System.nanoTime() < deadline) {
            consumer.poll(POLL);
            runDueRetries();
            settle();
        }
        commitNow(consumer, Set.copyOf(windows.keySet()));
    }

    private int inFlightInWindows() {
        return windows.values().stream().mapToInt(PartitionWindow::size).sum();
    }

    private void forget() {
        current = null;
        assigned = false;
        windows.clear();
        metrics.taken(-retries.clear());
        metrics.behind(0);
        settle();
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null
                ? failure.getCause()
                : failure;
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
            commitNow(consumer, partitions);
            partitions.forEach(windows::remove);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            assigned = false;
            partitions.forEach(windows::remove);
        }
    }
}
