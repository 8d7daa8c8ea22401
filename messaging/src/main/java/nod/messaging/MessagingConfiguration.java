package nod.messaging;

import io.micrometer.core.instrument.MeterRegistry;

import nod.messaging.consume.EventConsumer;
import nod.messaging.consume.EventConsumers;
import nod.messaging.event.EventCodec;
import nod.messaging.publish.EventLogHealth;
import nod.messaging.publish.EventPublisher;
import nod.messaging.publish.KafkaEventPublisher;
import nod.messaging.publish.TopicCreation;

import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaConsumerFactoryCustomizer;
import org.springframework.boot.kafka.autoconfigure.DefaultKafkaProducerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

import java.util.HashMap;
import java.util.Map;

/** Wires a service to the event log. Where the cluster is, {@code spring.kafka.*} says. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MessagingSettings.class)
public class MessagingConfiguration {

    /**
     * What correctness needs is not a setting: every in-sync replica acknowledges, order is kept
     * over retries. A send gives up after 10 s, when the outbox takes over.
     */
    private static final Map<String, Object> PRODUCER =
            Map.of(
                    ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
                    StringSerializer.class,
                    ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
                    ByteArraySerializer.class,
                    ProducerConfig.ACKS_CONFIG,
                    "all",
                    ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                    true,
                    ProducerConfig.MAX_BLOCK_MS_CONFIG,
                    1_000,
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    5_000,
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                    10_000,
                    ProducerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                    1_000);

    /**
     * A group begins at the oldest record; the application commits. A topic that is missing is
     * never made by the broker, which would give it other partitions and another retention. The
     * work of an instance that died is taken over within seconds: a login waits for it.
     */
    private static final Map<String, Object> CONSUMER =
            Map.of(
                    ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                    StringDeserializer.class,
                    ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                    ByteArrayDeserializer.class,
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    false,
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "earliest",
                    ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                    false,
                    ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                    10_000,
                    ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG,
                    1_000);

    @Bean
    EventCodec eventCodec() {
        return new EventCodec();
    }

    @Bean
    DefaultKafkaProducerFactoryCustomizer nodProducers() {
        return factory -> factory.updateConfigs(PRODUCER);
    }

    @Bean
    DefaultKafkaConsumerFactoryCustomizer nodConsumers() {
        return factory -> factory.updateConfigs(CONSUMER);
    }

    @Bean
    TopicCreation topicCreation(
            KafkaAdmin kafkaAdmin,
            MessagingSettings settings,
            ObjectProvider<EventConsumer<?>> consumers) {
        // Kafka may be away when a service starts; the topics are created once it is there.
        kafkaAdmin.setAutoCreate(false);
        return new TopicCreation(settings.topics(), consumers);
    }

    @Bean
    EventLogHealth eventLogHealth(KafkaAdmin kafkaAdmin, TopicCreation topics) {
        var configuration = new HashMap<>(kafkaAdmin.getConfigurationProperties());
        // Where no broker answers, the client's own way of beginning anew spins and floods the log.
        configuration.put(
                AdminClientConfig.METADATA_RECOVERY_STRATEGY_CONFIG,
                MetadataRecoveryStrategy.NONE.name);
        return new EventLogHealth(configuration, topics);
    }

    @Bean
    EventPublisher eventPublisher(
            ProducerFactory<String, byte[]> producers, EventCodec codec, EventLogHealth health) {
        return new KafkaEventPublisher(producers, codec, health);
    }

    @Bean
    EventConsumers eventConsumers(
            ConsumerFactory<String, byte[]> consumers,
            ProducerFactory<String, byte[]> producers,
            EventCodec codec,
            MeterRegistry metrics,
            MessagingSettings settings) {
        return new EventConsumers(consumers, producers, codec, metrics, settings);
    }
}
