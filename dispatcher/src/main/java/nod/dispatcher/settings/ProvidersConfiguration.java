package nod.dispatcher.settings;

import io.micrometer.core.instrument.MeterRegistry;

import nod.dispatcher.provider.DispatcherMetrics;
import nod.dispatcher.provider.GuardedSender;
import nod.dispatcher.provider.GuardedSenders;
import nod.dispatcher.provider.Preparation;
import nod.dispatcher.provider.ProvidersHealthIndicator;
import nod.dispatcher.provider.TimeSource;
import nod.dispatcher.seal.HpkeSealing;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import java.time.Clock;
import java.util.ArrayList;

/** Wires the providers that are configured, each behind its own bounds. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DispatcherSettings.class)
class ProvidersConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    TimeSource timeSource() {
        return System::nanoTime;
    }

    @Bean
    Scheduler dispatchScheduler() {
        return Schedulers.newParallel("dispatch");
    }

    @Bean
    DispatcherMetrics dispatcherMetrics(MeterRegistry registry) {
        return new DispatcherMetrics(registry);
    }

    @Bean
    ProviderClients providerClients(DispatcherSettings settings, Clock clock) {
        return ProviderClients.of(settings, new HpkeSealing(), clock);
    }

    @Bean
    GuardedSenders guardedSenders(
            ProviderClients clients,
            DispatcherSettings settings,
            DispatcherMetrics metrics,
            TimeSource time,
            Scheduler scheduler) {
        var senders = new ArrayList<GuardedSender>();
        if (clients.fcm() != null) {
            var bounds = bounds(settings, settings.fcm().maxInFlight());
            senders.add(new GuardedSender(clients.fcm(), bounds, metrics, time, scheduler));
        }
        if (clients.apns() != null) {
            var bounds = bounds(settings, settings.apns().maxInFlight());
            senders.add(new GuardedSender(clients.apns(), bounds, metrics, time, scheduler));
        }
        return new GuardedSenders(senders);
    }

    private static GuardedSender.Bounds bounds(DispatcherSettings settings, int maxInFlight) {
        var breaker = settings.breaker();
        return new GuardedSender.Bounds(
                maxInFlight,
                settings.maxWaiting(),
                breaker.failurePercent(),
                breaker.window(),
                breaker.minimumCalls(),
                breaker.openFor());
    }

    @Bean
    Preparation preparation(GuardedSenders senders) {
        return new Preparation(senders);
    }

    @Bean
    ProvidersHealthIndicator providersHealthIndicator(GuardedSenders senders) {
        return new ProvidersHealthIndicator(senders);
    }
}
