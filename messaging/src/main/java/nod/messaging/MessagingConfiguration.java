package nod.messaging;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import nod.messaging.consume.EventConsumer;
import nod.messaging.consume.EventConsumers;
import nod.messaging.event.EventCodec;
import nod.messaging.publish.EventLogHealth;
import nod.messaging.publish.EventPublisher;
import nod.messaging.publish.KafkaEventPublisher;
import nod.messaging.publish.TopicCreation;
import nod.messaging.trace.Exporter;
import nod.messaging.trace.Tracing;

import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

import java.util.HashMap;

/** Wires a service to the event log. Where the cluster is, {@code spring.kafka.*} says. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(MessagingSettings.class)
@Import({KafkaClientConfiguration.class, DatabaseClientConfiguration.class})
public class MessagingConfiguration {

    private static final String REACHABLE = "nod.event.log.reachable";

    @Bean
    EventCodec eventCodec() {
        return new EventCodec();
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
    EventLogHealth eventLogHealth(
            KafkaAdmin kafkaAdmin, TopicCreation topics, MeterRegistry metrics) {
        var configuration = new HashMap<>(kafkaAdmin.getConfigurationProperties());
        // Where no broker answers, the client's own way of beginning anew spins and floods the log.
        configuration.put(
                AdminClientConfig.METADATA_RECOVERY_STRATEGY_CONFIG,
                MetadataRecoveryStrategy.NONE.name);
        var health = new EventLogHealth(configuration, topics);
        Gauge.builder(REACHABLE, health, one -> one.wasReachable() ? 1 : 0)
                .description("1 while Kafka answers and has all topics")
                .register(metrics);
        return health;
    }

    @Bean
    EventPublisher eventPublisher(
            ProducerFactory<String, byte[]> producers, EventCodec codec, EventLogHealth health) {
        return new KafkaEventPublisher(producers, codec, health);
    }

    @Bean
    Tracing tracing(
            MessagingSettings settings, @Value("${spring.application.name:nod}") String service) {
        var tracing = settings.tracing();
        return tracing.endpoint() == null
                ? Tracing.off()
                : Tracing.to(new Exporter(tracing.endpoint(), service), tracing.percent());
    }

    @Bean
    EventConsumers eventConsumers(
            ConsumerFactory<String, byte[]> consumers,
            ProducerFactory<String, byte[]> producers,
            EventCodec codec,
            MeterRegistry metrics,
            Tracing tracing,
            MessagingSettings settings) {
        return new EventConsumers(consumers, producers, codec, metrics, tracing, settings);
    }
}
