package nod.dispatcher.dispatch;

import nod.dispatcher.provider.DispatcherMetrics;
import nod.dispatcher.provider.TimeSource;
import nod.dispatcher.push.PushSender;
import nod.messaging.trace.Tracing;
import nod.schemas.event.Provider;

import reactor.core.scheduler.Scheduler;

import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * What every push's way needs.
 *
 * @param senders the providers that are configured
 * @param chance a random number, from 0 up to but not including 1
 * @param time for how long something took
 * @param scheduler for waiting
 */
record DispatchTools(
        Map<Provider, ? extends PushSender> senders,
        RetryPolicy policy,
        Rereads rereads,
        DispatcherMetrics metrics,
        Tracing tracing,
        DoubleSupplier chance,
        TimeSource time,
        Scheduler scheduler) {

    DispatchTools {
        senders = Map.copyOf(senders);
    }
}
