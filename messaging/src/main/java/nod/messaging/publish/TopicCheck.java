package nod.messaging.publish;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * Holds topics that exist against how long the event log has to keep its records. What deviates is
 * told and left as it is: somebody may have meant it.
 */
final class TopicCheck {

    private static final Logger log = LoggerFactory.getLogger(TopicCheck.class);

    private static final String UNLIMITED = "-1";

    private TopicCheck() {}

    /** How a topic is not as it should be. */
    record Deviation(
            Level level,
            String topic,
            String setting,
            String found,
            String expected,
            String mended,
            String consequence) {

        @Override
        public String toString() {
            return ("Topic %1$s has %2$s=%3$s, expected is %4$s: %6$s. To change it:"
                            + " kafka-configs.sh --bootstrap-server HOST:PORT --alter"
                            + " --entity-type topics --entity-name %1$s --add-config %2$s=%5$s")
                    .formatted(topic, setting, found, expected, mended, consequence);
        }
    }

    /** Asks for their settings and logs what deviates once they are there. Does not wait. */
    static void begin(Admin admin, List<WantedTopic> topics) {
        var asked = new LinkedHashMap<ConfigResource, WantedTopic>();
        topics.forEach(
                topic ->
                        asked.put(
                                new ConfigResource(ConfigResource.Type.TOPIC, topic.name()),
                                topic));
        var options = new DescribeConfigsOptions().timeoutMs(TopicCreation.TIMEOUT_MILLIS);
        var configs = admin.describeConfigs(asked.keySet(), options).values();
        KafkaFuture.allOf(configs.values().toArray(KafkaFuture<?>[]::new))
                .whenComplete((_, failure) -> tell(asked, configs, failure));
    }

    private static void tell(
            Map<ConfigResource, WantedTopic> asked,
            Map<ConfigResource, KafkaFuture<Config>> configs,
            @Nullable Throwable failure) {
        asked.forEach(
                (resource, topic) ->
                        read(configs.get(resource))
                                .ifPresent(
                                        config ->
                                                deviations(topic, config)
                                                        .forEach(TopicCheck::tell)));
        if (failure != null) {
            log.warn(
                    "Whether the topics keep their records long enough could not be looked up for"
                            + " {} of {}; the next start looks again. The cluster says: {}",
                    failed(configs.values()),
                    configs.size(),
                    TopicCreation.reason(failure));
        }
    }

    private static void tell(Deviation deviation) {
        log.atLevel(deviation.level()).log(deviation.toString());
    }

    private static long failed(Collection<KafkaFuture<Config>> configs) {
        return configs.stream().filter(KafkaFuture::isCompletedExceptionally).count();
    }

    private static Optional<Config> read(@Nullable KafkaFuture<Config> done) {
        try {
            return Optional.of(Objects.requireNonNull(done).get());
        } catch (ExecutionException | InterruptedException unread) {
            return Optional.empty();
        }
    }

    /** What of the settings makes records go before their time. Pure. */
    static List<Deviation> deviations(WantedTopic topic, Config found) {
        return Stream.of(policy(topic, found), retention(topic, found), size(topic, found))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Deviation> policy(WantedTopic topic, Config found) {
        return value(found, TopicConfig.CLEANUP_POLICY_CONFIG)
                .filter(policy -> !policy.equals(TopicConfig.CLEANUP_POLICY_DELETE))
                .map(
                        policy ->
                                new Deviation(
                                        Level.ERROR,
                                        topic.name(),
                                        TopicConfig.CLEANUP_POLICY_CONFIG,
                                        policy,
                                        TopicConfig.CLEANUP_POLICY_DELETE,
                                        TopicConfig.CLEANUP_POLICY_DELETE,
                                        "of each key only the last record is kept"));
    }

    private static Optional<Deviation> retention(WantedTopic topic, Config found) {
        var wanted = topic.retention();
        return value(found, TopicConfig.RETENTION_MS_CONFIG)
                .filter(millis -> !millis.equals(UNLIMITED))
                .map(millis -> Duration.ofMillis(Long.parseLong(millis)))
                .filter(kept -> kept.compareTo(wanted) < 0)
                .map(
                        kept ->
                                new Deviation(
                                        Level.WARN,
                                        topic.name(),
                                        TopicConfig.RETENTION_MS_CONFIG,
                                        shown(kept),
                                        "at least " + shown(wanted),
                                        "" + wanted.toMillis(),
                                        "records are deleted before their time"));
    }

    private static Optional<Deviation> size(WantedTopic topic, Config found) {
        return value(found, TopicConfig.RETENTION_BYTES_CONFIG)
                .filter(bytes -> !bytes.equals(UNLIMITED))
                .map(
                        bytes ->
                                new Deviation(
                                        Level.WARN,
                                        topic.name(),
                                        TopicConfig.RETENTION_BYTES_CONFIG,
                                        bytes,
                                        UNLIMITED,
                                        UNLIMITED,
                                        "of a partition that outgrows it records are deleted"
                                                + " before their time"));
    }

    private static Optional<String> value(Config config, String name) {
        return Optional.ofNullable(config.get(name)).map(ConfigEntry::value);
    }

    /** As Kafka has it, and in days, as people speak of it. */
    private static String shown(Duration kept) {
        return "%d (%s)"
                .formatted(kept.toMillis(), kept.toDays() > 0 ? kept.toDays() + " days" : kept);
    }
}
