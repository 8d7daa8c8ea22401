package nod.messaging.publish;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.springframework.kafka.config.TopicBuilder;

import java.time.Duration;
import java.util.TreeMap;

/**
 * A topic of the event log, or of dead letters.
 *
 * @param retention how long it keeps its records
 */
record WantedTopic(String name, Duration retention) {

    /** Said in full, so that no default of the cluster's makes a record go earlier. */
    NewTopic create(int partitions, short replicas) {
        var configs = new TreeMap<String, String>();
        configs.put(TopicConfig.RETENTION_MS_CONFIG, "" + retention.toMillis());
        configs.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
        configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        return TopicBuilder.name(name)
                .partitions(partitions)
                .replicas(replicas)
                .configs(configs)
                .build();
    }
}
