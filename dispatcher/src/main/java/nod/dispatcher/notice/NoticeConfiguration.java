package nod.dispatcher.notice;

import nod.dispatcher.dispatch.RetryPolicy;
import nod.dispatcher.provider.DispatcherMetrics;
import nod.dispatcher.provider.GuardedSenders;
import nod.dispatcher.provider.TimeSource;
import nod.messaging.consume.EventConsumer;
import nod.messaging.consume.EventConsumers;
import nod.messaging.consume.Pace;
import nod.schemas.event.ConsumerGroup;
import nod.schemas.event.DeviceChanged;
import nod.schemas.event.Topic;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.r2dbc.core.DatabaseClient;

import reactor.core.scheduler.Scheduler;

import java.util.concurrent.ThreadLocalRandom;

/** Wires the notices to the event log and the database. */
@Configuration(proxyBeanMethods = false)
class NoticeConfiguration {

    @Bean
    EventConsumer<DeviceChanged> changedDevices(
            EventConsumers consumers,
            DatabaseClient database,
            GuardedSenders senders,
            RetryPolicy policy,
            DispatcherMetrics metrics,
            TimeSource time,
            Scheduler scheduler) {
        var tools =
                new DeviceNotices.Tools(
                        senders.byProvider(),
                        policy,
                        metrics,
                        () -> ThreadLocalRandom.current().nextDouble(),
                        time,
                        scheduler);
        return consumers.inGroup(
                ConsumerGroup.DISPATCHER_NOTICES,
                Topic.DEVICE_CHANGED,
                DeviceChanged.class,
                Pace.GATHERED,
                new DeviceNotices(new DatabaseOtherDevices(database), tools));
    }
}
