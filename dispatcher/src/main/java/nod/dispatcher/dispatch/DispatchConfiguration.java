package nod.dispatcher.dispatch;

import nod.dispatcher.provider.DispatcherMetrics;
import nod.dispatcher.provider.GuardedSenders;
import nod.dispatcher.provider.TimeSource;
import nod.dispatcher.settings.DispatcherSettings;
import nod.messaging.consume.EventConsumer;
import nod.messaging.consume.EventConsumers;
import nod.messaging.consume.Pace;
import nod.messaging.publish.EventPublisher;
import nod.messaging.trace.Tracing;
import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.Topic;
import nod.schemas.event.TransactionStarted;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.core.DatabaseClient;

import reactor.core.scheduler.Scheduler;

import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;

/** Wires the dispatcher to the event log and the database. */
@Configuration(proxyBeanMethods = false)
class DispatchConfiguration {

    @Bean
    RetryPolicy retryPolicy(DispatcherSettings settings) {
        var retry = settings.retry();
        return new RetryPolicy(retry.first(), retry.longest(), retry.margin());
    }

    @Bean
    PushDispatcher pushDispatcher(
            DatabaseClient database,
            EventPublisher publisher,
            GuardedSenders senders,
            RetryPolicy policy,
            DispatcherMetrics metrics,
            Tracing tracing,
            Clock clock,
            TimeSource time,
            Scheduler scheduler) {
        var reader = new DatabaseTransactionReader(database);
        var tools =
                new DispatchTools(
                        senders.byProvider(),
                        policy,
                        new Rereads(reader, scheduler),
                        metrics,
                        tracing,
                        () -> ThreadLocalRandom.current().nextDouble(),
                        time,
                        scheduler);
        return new PushDispatcher(
                reader,
                new Reports(publisher, metrics, clock, scheduler),
                tools,
                senders::areCrowded);
    }

    @Bean
    EventConsumer<TransactionStarted> startedTransactions(
            EventConsumers consumers, PushDispatcher dispatcher) {
        return consumers.inGroup(
                ConsumerGroup.DISPATCHER,
                Topic.TRANSACTION_STARTED,
                TransactionStarted.class,
                Pace.AT_ONCE,
                dispatcher);
    }

    @Bean
    ConsumerHealthIndicator consumerHealthIndicator(EventConsumer<TransactionStarted> consumer) {
        return new ConsumerHealthIndicator(consumer);
    }
}
