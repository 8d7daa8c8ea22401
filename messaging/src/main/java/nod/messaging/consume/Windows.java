package nod.messaging.consume;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What a member of a group has in flight of each of its partitions, and how far each can be
 * committed. For the thread that polls.
 */
final class Windows {

    private static final Logger log = LoggerFactory.getLogger(Windows.class);

    private final String group;
    private final int limit;
    private final Duration patience;
    private final Map<TopicPartition, PartitionWindow> windows = new HashMap<>();

    /**
     * @param limit records of a partition that are in flight at most
     * @param patience for a commit that is waited for
     */
    Windows(String group, int limit, Duration patience) {
        this.group = group;
        this.limit = limit;
        this.patience = patience;
    }

    /** The window of the partition that this record came from. */
    PartitionWindow of(ConsumerRecord<?, ?> record) {
        return windows.computeIfAbsent(
                new TopicPartition(record.topic(), record.partition()), _ -> new PartitionWindow());
    }

    /** Whether the partition of this work was not taken away since it came. */
    boolean hold(Work work) {
        return windows.get(work.partition()) == work.window();
    }

    /** Records that are in flight. */
    int inFlight() {
        return windows.values().stream().mapToInt(PartitionWindow::size).sum();
    }

    /**
     * Records that are not committed. Asks nobody: the client knows the ends of its partitions from
     * its last fetch.
     */
    long behind(Consumer<?, ?> consumer) {
        long behind = 0;
        for (var partition : consumer.assignment()) {
            var window = windows.get(partition);
            behind += consumer.currentLag(partition).orElse(0);
            behind += window == null ? 0 : window.uncommittable();
        }
        return behind;
    }

    /**
     * Pauses partitions that are full, and resumes those that have room again.
     *
     * @param room whether any has; if not, all are paused
     */
    void throttle(Consumer<?, ?> consumer, boolean room) {
        var open = new HashSet<TopicPartition>();
        var full = new HashSet<TopicPartition>();
        for (var partition : consumer.assignment()) {
            var window = windows.get(partition);
            boolean fits = window == null || window.size() < limit;
            (room && fits ? open : full).add(partition);
        }
        consumer.pause(full);
        consumer.resume(open);
    }

    /** Commits what is finished; does not wait. */
    void commit(Consumer<?, ?> consumer) {
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

    /** {@link #commit} of some partitions; returns when it is done, or could not be done. */
    void commitNow(Consumer<?, ?> consumer, Collection<TopicPartition> of) {
        var offsets = committable(of);
        if (!offsets.isEmpty()) {
            try {
                consumer.commitSync(offsets, patience);
                committed(offsets);
            } catch (KafkaException failure) {
                // What was done is done again by the next owner, who knows the events by their ids.
                log.warn("{} leaves {} without its last commit", group, of, failure);
            }
        }
    }

    /** {@link #commitNow} of all partitions. */
    void commitNow(Consumer<?, ?> consumer) {
        commitNow(consumer, Set.copyOf(windows.keySet()));
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

    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach(
                (partition, offset) -> {
                    var window = windows.get(partition);
                    if (window != null) {
                        window.committed(offset.offset());
                    }
                });
    }

    /** These partitions were taken away. */
    void remove(Collection<TopicPartition> partitions) {
        partitions.forEach(windows::remove);
    }

    /** All partitions were. */
    void clear() {
        windows.clear();
    }
}
