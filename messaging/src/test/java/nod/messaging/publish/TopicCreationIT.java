package nod.messaging.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import nod.messaging.MessagingFixture;
import nod.messaging.MessagingSettings;
import nod.messaging.consume.EventConsumer;
import nod.messaging.consume.EventConsumers;
import nod.schemas.event.Topic;
import nod.schemas.event.UserLocked;

import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.ParameterizedTypeReference;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

class TopicCreationIT {

    @Test
    void createsDeadLettersWithTheirRetentionAndLeavesAloneWhatExists() throws Exception {
        try (var service = new MessagingFixture()) {
            var group = "group-" + UUID.randomUUID();
            var beans = new DefaultListableBeanFactory();
            beans.registerSingleton(
                    "consumer",
                    service.part(EventConsumers.class)
                            .inGroup(group, Topic.USER_LOCKED, UserLocked.class, _ -> List.of()));
            var creation =
                    new TopicCreation(
                            new MessagingSettings.Topics(9, (short) 1),
                            beans.getBeanProvider(
                                    new ParameterizedTypeReference<EventConsumer<?>>() {}));

            creation.createMissing(service.admin());
            creation.createMissing(service.admin());

            var deadLetters = "push.user.locked.v1." + group + "-dlt";
            await().untilAsserted(() -> assertThat(partitions(service, deadLetters)).isEqualTo(9));
            assertThat(partitions(service, "push.user.locked.v1")).isEqualTo(6);
            assertThat(retention(service, deadLetters)).isEqualTo("" + 90L * 24 * 3600 * 1000);
        }
    }

    private static int partitions(MessagingFixture service, String topic) throws Exception {
        return Objects.requireNonNull(
                        service.admin()
                                .describeTopics(List.of(topic))
                                .allTopicNames()
                                .get()
                                .get(topic))
                .partitions()
                .size();
    }

    private static String retention(MessagingFixture service, String topic) throws Exception {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return Objects.requireNonNull(
                        service.admin()
                                .describeConfigs(List.of(resource))
                                .all()
                                .get()
                                .get(resource))
                .get("retention.ms")
                .value();
    }
}
