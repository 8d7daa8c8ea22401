package nod.messaging.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.messaging.MessagingFixture;
import nod.messaging.MessagingSettings;
import nod.messaging.consume.AnyGroup;
import nod.messaging.consume.EventConsumer;
import nod.messaging.consume.EventConsumers;
import nod.messaging.testing.ApplicationStart;
import nod.schemas.event.Topic;
import nod.schemas.event.UserLocked;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.ParameterizedTypeReference;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Each test has a topic of dead letters of its own; the topics of the event log are shared. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
@ResourceLock(Resources.SYSTEM_OUT)
class TopicCreationIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final MessagingFixture service = new MessagingFixture();

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void createsDeadLettersWithTheirRetentionAndLeavesAloneWhatExists() throws Exception {
        var group = newGroup();
        var creation = creation(group, 9, 1);

        assertThat(creation.createMissing(service.admin())).isEmpty();
        assertThat(creation.createMissing(service.admin())).isEmpty();

        var deadLetters = deadLetters(group);
        await().untilAsserted(() -> assertThat(partitions(deadLetters)).isEqualTo(9));
        assertThat(partitions("push.user.locked.v1")).isEqualTo(6);
        assertThat(config(deadLetters, "retention.ms")).isEqualTo("" + 90L * 24 * 3600 * 1000);
        assertThat(config(deadLetters, "retention.bytes")).isEqualTo("-1");
        assertThat(config(deadLetters, "cleanup.policy")).isEqualTo("delete");
    }

    @Test
    void saysWhichTopicTheClusterRefusesWhatWasAskedAndWhy() throws Exception {
        var group = newGroup();

        var refused = creation(group, 6, 3).createMissing(service.admin());

        assertThat(refused)
                .singleElement()
                .asString()
                .contains("Topic " + deadLetters(group) + " could not be created")
                .contains("6 partitions, 3 replicas", "retention.ms=7776000000")
                .contains("The cluster says: InvalidReplicationFactor: ", "1 broker");
    }

    @Test
    void complainsOnceOfARefusalAndIsReachableWhenSomebodyElseMadeTheTopic(CapturedOutput output)
            throws Exception {
        var group = newGroup();
        var health =
                new EventLogHealth(
                        Map.of("bootstrap.servers", service.servers().bootstrapServers()),
                        creation(group, 6, 3));
        try {
            ApplicationStart.whileNone(
                    () -> {
                        health.start();
                        await().atMost(PATIENCE)
                                .until(() -> output.getOut().contains(deadLetters(group)));
                    });
            // Each waits for a probe of its own, and with each the creation is tried once more.
            for (int i = 0; i < 3; i++) {
                assertThat(health.isReachable().block(PATIENCE)).isFalse();
            }
            assertThat(linesWith(output, "Topic " + deadLetters(group)))
                    .singleElement()
                    .asString()
                    .contains("ERROR", "Until the topic exists, nothing is published");

            create(group, Map.of());

            await().atMost(PATIENCE).until(health::wasReachable);
        } finally {
            health.stop();
        }
    }

    @Test
    void tellsOnceWhereATopicThatExistsDoesNotKeepItsRecords(CapturedOutput output)
            throws Exception {
        var compacted = newGroup();
        create(compacted, Map.of("cleanup.policy", "compact", "retention.ms", "-1"));
        var forgetful = newGroup();
        create(forgetful, Map.of("retention.ms", "3600000"));
        var good = newGroup();
        create(good, Map.of("retention.ms", "-1"));

        ApplicationStart.whileNone(
                () -> {
                    for (var group : List.of(compacted, forgetful, good)) {
                        var creation = creation(group, 6, 1);
                        assertThat(creation.createMissing(service.admin())).isEmpty();
                        creation.check(service.admin());
                    }
                    await().atMost(PATIENCE)
                            .untilAsserted(
                                    () -> {
                                        assertThat(linesWith(output, deadLetters(compacted)))
                                                .singleElement()
                                                .asString()
                                                .contains(
                                                        "ERROR",
                                                        "cleanup.policy=compact",
                                                        "delete");
                                        assertThat(linesWith(output, deadLetters(forgetful)))
                                                .singleElement()
                                                .asString()
                                                .contains(
                                                        "WARN",
                                                        "retention.ms=3600000 (PT1H)",
                                                        "90 days");
                                    });
                });
        assertThat(linesWith(output, deadLetters(good))).isEmpty();
        assertThat(config(deadLetters(compacted), "cleanup.policy")).isEqualTo("compact");
    }

    private TopicCreation creation(String group, int partitions, int replicas) {
        var beans = new DefaultListableBeanFactory();
        beans.registerSingleton(
                "consumer",
                AnyGroup.member(
                        service.part(EventConsumers.class),
                        group,
                        Topic.USER_LOCKED,
                        UserLocked.class,
                        _ -> List.of()));
        return new TopicCreation(
                new MessagingSettings.Topics(
                        partitions, (short) replicas, Topic.RETENTION, Topic.DEAD_LETTER_RETENTION),
                beans.getBeanProvider(new ParameterizedTypeReference<EventConsumer<?>>() {}));
    }

    private static String newGroup() {
        return "group-" + UUID.randomUUID();
    }

    private static String deadLetters(String group) {
        return Topic.USER_LOCKED.deadLetterTopicName(group);
    }

    private void create(String group, Map<String, String> configs) throws Exception {
        var topic = new NewTopic(deadLetters(group), 1, (short) 1).configs(configs);
        service.admin().createTopics(List.of(topic)).all().get();
        // A broker knows of it a little later.
        await().until(() -> service.admin().listTopics().names().get().contains(topic.name()));
    }

    private static List<String> linesWith(CapturedOutput output, String text) {
        return output.getOut().lines().filter(line -> line.contains(text)).toList();
    }

    private int partitions(String topic) throws Exception {
        return Objects.requireNonNull(
                        service.admin()
                                .describeTopics(List.of(topic))
                                .allTopicNames()
                                .get()
                                .get(topic))
                .partitions()
                .size();
    }

    private String config(String topic, String name) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return Objects.requireNonNull(
                        service.admin()
                                .describeConfigs(List.of(resource))
                                .all()
                                .get()
                                .get(resource))
                .get(name)
                .value();
    }
}
