package nod.benchmarks.dispatch;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import nod.schemas.event.Topic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** Counts the reports in Kafka, by the ends of their partitions. For one thread. */
final class Reports implements AutoCloseable {

    private static final String NAME = Topic.DELIVERY_REPORTED.topicName();

    private final Admin admin;
    private final Map<TopicPartition, OffsetSpec> partitions;
    private final long atStart;

    Reports(String bootstrapServers) {
        admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        partitions = partitions().collect(toMap(identity(), _ -> OffsetSpec.latest()));
        atStart = ends();
    }

    /** How many were published since this was made. */
    long count() {
        return ends() - atStart;
    }

    private Stream<TopicPartition> partitions() {
        try {
            var topics = admin.describeTopics(List.of(NAME)).allTopicNames().get();
            return topics.values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .map(partition -> new TopicPartition(NAME, partition.partition()));
        } catch (ExecutionException e) {
            throw new IllegalStateException("no topic " + NAME, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private long ends() {
        try {
            return admin.listOffsets(partitions).all().get().values().stream()
                    .mapToLong(end -> end.offset())
                    .sum();
        } catch (ExecutionException e) {
            throw new IllegalStateException("no ends of " + NAME, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
