package nod.dispatcher.dispatch;

import nod.dispatcher.provider.DispatcherMetrics;
import nod.messaging.event.Envelope;
import nod.messaging.event.Traceparent;
import nod.messaging.publish.EventPublisher;
import nod.schemas.event.DeliveryReported;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.util.retry.Retry;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/**
 * Publishes reports. One that Kafka did not acknowledge is published again for about a minute
 * before the whole event fails: to publish again costs less than to push again.
 */
final class Reports {

    private static final Logger log = LoggerFactory.getLogger(Reports.class);
    private static final int ATTEMPTS = 10;
    private static final Duration FIRST_WAIT = Duration.ofMillis(250);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final EventPublisher publisher;
    private final DispatcherMetrics metrics;
    private final Clock clock;
    private final Scheduler scheduler;

    Reports(EventPublisher publisher, DispatcherMetrics metrics, Clock clock, Scheduler scheduler) {
        this.publisher = publisher;
        this.metrics = metrics;
        this.clock = clock;
        this.scheduler = scheduler;
    }

    /**
     * Publishes a report.
     *
     * @param trace of what caused it
     * @return completes when Kafka has acknowledged it
     */
    Mono<Void> publish(DeliveryReported report, Traceparent trace) {
        var envelope = new Envelope<>(id(report), clock.instant(), trace, report);
        return Mono.fromFuture(() -> publisher.publish(envelope), true)
                .retryWhen(
                        Retry.backoff(ATTEMPTS, FIRST_WAIT)
                                .maxBackoff(LONGEST_WAIT)
                                .scheduler(scheduler)
                                .doBeforeRetry(
                                        failed ->
                                                log.warn(
                                                        "Kafka did not take the report on"
                                                                + " transaction {}, again: {}",
                                                        report.txId(),
                                                        failed.failure().toString())))
                .doOnSuccess(_ -> metrics.reported(report.state()));
    }

    /** The same for the same device and transaction: who reads it twice knows that it is one. */
    static UUID id(DeliveryReported report) {
        var name = "delivery.reported/" + report.txId() + "/" + report.device();
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }
}
