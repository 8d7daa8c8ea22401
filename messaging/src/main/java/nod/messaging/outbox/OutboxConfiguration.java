package nod.messaging.outbox;

import io.micrometer.core.instrument.MeterRegistry;

import nod.messaging.MessagingSettings;
import nod.messaging.event.EventCodec;
import nod.messaging.publish.EventLogHealth;
import nod.messaging.publish.EventPublisher;
import nod.schemas.event.Topic.Producer;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.reactive.TransactionalOperator;

/**
 * Adds the outbox to a service that writes to the database; it says who it is by a Producer bean.
 */
@Configuration(proxyBeanMethods = false)
public class OutboxConfiguration {

    /** In place of Spring's own, for all transactions of the service. */
    @Bean
    TransactionalOperator transactionalOperator(ReactiveTransactionManager transactions) {
        return new WholeTransactions(transactions);
    }

    @Bean
    OutboxRelay outboxRelay(
            Producer producer,
            MessagingSettings settings,
            DatabaseClient database,
            TransactionalOperator transaction,
            EventCodec codec,
            EventPublisher publisher,
            EventLogHealth health,
            MeterRegistry metrics) {
        return new OutboxRelay(
                producer,
                settings.outbox().sweepAge(),
                database,
                transaction,
                codec,
                publisher,
                health,
                metrics);
    }

    @Bean
    Outbox outbox(DatabaseClient database, EventCodec codec, OutboxRelay relay) {
        return new Outbox(database, codec, relay);
    }
}
