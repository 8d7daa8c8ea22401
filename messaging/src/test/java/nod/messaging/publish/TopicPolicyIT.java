package nod.messaging.publish;

import static org.assertj.core.api.Assertions.assertThat;

import nod.messaging.MessagingSettings;
import nod.messaging.consume.EventConsumer;
import nod.schemas.event.Topic;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.server.policy.CreateTopicPolicy;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

import java.util.Map;

/** A cluster whose owner does not let services create topics as they like. */
class TopicPolicyIT {

    private static final EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, 1);

    @BeforeAll
    static void start() {
        broker.brokerProperty("create.topic.policy.class.name", Owner.class.getName());
        broker.brokerProperty("log.cleaner.dedupe.buffer.size", "4194304");
        broker.afterPropertiesSet();
    }

    @AfterAll
    static void stop() {
        broker.destroy();
    }

    @Test
    void saysOfEachTopicWhatWasAskedAndWhyItWasRefused() throws Exception {
        var creation =
                new TopicCreation(
                        new MessagingSettings.Topics(
                                6, (short) -1, Topic.RETENTION, Topic.DEAD_LETTER_RETENTION),
                        new DefaultListableBeanFactory()
                                .getBeanProvider(
                                        new ParameterizedTypeReference<EventConsumer<?>>() {}));
        try (var admin =
                Admin.create(Map.of("bootstrap.servers", (Object) broker.getBrokersAsString()))) {

            var refused = creation.createMissing(admin);

            assertThat(refused)
                    .hasSameSizeAs(Topic.values())
                    .first()
                    .hasToString(
                            "Topic push.device.changed.v1 could not be created with 6 partitions,"
                                    + " the cluster's default of replicas and {cleanup.policy="
                                    + "delete, retention.bytes=-1, retention.ms=2592000000}. The"
                                    + " cluster says: PolicyViolation: ask the owner of the"
                                    + " cluster");
        }
    }

    /** The policy; the broker makes it by its name. */
    public static final class Owner implements CreateTopicPolicy {

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public void validate(RequestMetadata asked) {
            if (asked.topic().startsWith("push.")) {
                throw new PolicyViolationException("ask the owner of the cluster");
            }
        }

        @Override
        public void close() {}
    }
}
