package nod.gateway.outcome;

import static java.util.Objects.requireNonNull;

import nod.gateway.transaction.MobileTransaction.Delivery;
import nod.messaging.consume.EventTail;
import nod.messaging.event.Envelope;
import nod.schemas.event.DeliveryReported;
import nod.schemas.event.OutcomeDecided;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Brings the watchers their news: from the event log as it is written, and because an event can be
 * missed while Kafka is away, from the database every five seconds and whenever the events are
 * heard again. One query serves all watchers.
 */
@Component
class News implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(News.class);

    /** The design's bound on how late missed news is noticed. */
    private static final Duration RECHECK = Duration.ofSeconds(5);

    /** A phone that pulls tells the database alone; a transaction that is gone tells nobody. */
    private static final String MISSED =
            """
            SELECT id AS tx_id, CAST(NULL AS uuid) AS device, CAST(NULL AS timestamptz) AS at
            FROM unnest(:ids) AS id
            LEFT JOIN transaction t ON t.tx_id = id AND t.tx_id = ANY(:ids)
            WHERE t.tx_id IS NULL OR t.status <> 'wait' OR t.claim IN ('cancelled', 'superseded')
            UNION ALL
            SELECT tx_id, device, at FROM delivery
            WHERE tx_id = ANY(:followed) AND state = 'pulled'
            """;

    private final Watchers watchers;
    private final DatabaseClient database;
    private volatile Disposable rechecking = Disposables.disposed();
    private volatile boolean running;

    News(Watchers watchers, DatabaseClient database) {
        this.watchers = watchers;
        this.database = database;
    }

    /** Hears the outcomes. */
    EventTail.Listener<OutcomeDecided> outcomes() {
        return new EventTail.Listener<>() {

            @Override
            public void on(Envelope<OutcomeDecided> event) {
                watchers.tell(event.event().txId(), Watcher::decided);
            }

            @Override
            public void onReady() {
                recheck().subscribe();
            }
        };
    }

    /** Hears the reports of the dispatchers. */
    EventTail.Listener<DeliveryReported> deliveries() {
        return new EventTail.Listener<>() {

            @Override
            public void on(Envelope<DeliveryReported> event) {
                var report = event.event();
                var delivery = new Delivery(report.device(), report.state().text(), event.time());
                watchers.tell(report.txId(), watcher -> watcher.delivered(delivery));
            }

            @Override
            public void onReady() {
                recheck().subscribe();
            }
        };
    }

    private Mono<Void> recheck() {
        return Mono.defer(
                        () -> {
                            var ids = watchers.followed(_ -> true);
                            return ids.length == 0 ? Mono.empty() : tellMissed(ids);
                        })
                .onErrorResume(
                        failure -> {
                            log.warn("Waiting callers could not be looked up", failure);
                            return Mono.empty();
                        });
    }

    private Mono<Void> tellMissed(UUID[] ids) {
        return database.sql(MISSED)
                .bind("ids", ids)
                .bind("followed", watchers.followed(Watcher::followsDeliveries))
                .map(
                        row -> {
                            var txId = requireNonNull(row.get("tx_id", UUID.class));
                            var device = row.get("device", UUID.class);
                            return device == null
                                    ? decided(txId)
                                    : pulled(
                                            txId,
                                            device,
                                            requireNonNull(row.get("at", Instant.class)));
                        })
                .all()
                .doOnNext(Runnable::run)
                .then();
    }

    private Runnable decided(UUID txId) {
        return () -> watchers.tell(txId, Watcher::decided);
    }

    private Runnable pulled(UUID txId, UUID device, Instant at) {
        var delivery = new Delivery(device, "pulled", at);
        return () -> watchers.tell(txId, watcher -> watcher.delivered(delivery));
    }

    @Override
    public void start() {
        running = true;
        rechecking =
                Flux.interval(RECHECK).onBackpressureDrop().concatMap(_ -> recheck()).subscribe();
    }

    /** Whoever waits is answered now, so that the server can finish what is in flight. */
    @Override
    public void stop() {
        running = false;
        rechecking.dispose();
        watchers.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
