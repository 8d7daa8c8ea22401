package nod.gateway.outcome;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import nod.gateway.device.Devices;
import nod.messaging.consume.EventHandler;
import nod.messaging.event.Envelope;
import nod.messaging.outbox.Outbox;
import nod.schemas.event.Actor;
import nod.schemas.event.DeliveryReported;
import nod.schemas.event.DeliveryState;
import nod.schemas.event.DeviceChange;
import nod.schemas.event.Topic.Producer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Writes down how each device was reached, and drops the push keys that a provider called dead. One
 * statement for the reports of a poll. A report of a transaction that was pruned or restored away
 * says nothing to anybody: it is counted and skipped.
 */
@Component
class DeliveryReports implements EventHandler<DeliveryReported> {

    /** Reports about a transaction that has no row: pruned, or restored away. */
    static final String STRAY = "nod.gateway.reports.stray";

    private static final Logger log = LoggerFactory.getLogger(DeliveryReports.class);

    /**
     * What a phone pulled stays pulled; a push that was accepted once stays accepted. The rows of
     * the transactions are held, so that none is pruned between the look and the insert; the lock
     * is the one that the foreign key takes anyway.
     */
    private static final String UPSERT =
            """
            WITH known AS (
                SELECT r.tx_id, r.device, r.state
                FROM unnest(:transactions, :devices, :states) AS r (tx_id, device, state)
                JOIN transaction t ON t.tx_id = r.tx_id
                WHERE t.tx_id = ANY(:transactions)
                ORDER BY r.tx_id, r.device
                FOR KEY SHARE OF t
            ), written AS (
                INSERT INTO delivery (tx_id, device, state)
                SELECT tx_id, device, state FROM known ORDER BY tx_id, device
                ON CONFLICT (tx_id, device) DO UPDATE SET state = EXCLUDED.state, at = now()
                    WHERE delivery.state NOT IN ('pulled', 'accepted')
            )
            SELECT DISTINCT tx_id FROM known
            """;

    private static final Actor DISPATCHER =
            new Actor(Actor.Kind.SERVICE, Producer.DISPATCHER.serviceName());

    private record Asked(UUID txId, UUID device) {}

    private final DatabaseClient database;
    private final Devices devices;
    private final Outbox outbox;
    private final TransactionalOperator transaction;
    private final Counter stray;

    DeliveryReports(
            DatabaseClient database,
            Devices devices,
            Outbox outbox,
            TransactionalOperator transaction,
            MeterRegistry metrics) {
        this.database = database;
        this.devices = devices;
        this.outbox = outbox;
        this.transaction = transaction;
        this.stray =
                Counter.builder(STRAY)
                        .description("Reports about a transaction without a row")
                        .register(metrics);
    }

    @Override
    public List<? extends CompletionStage<? extends @Nullable Object>> handle(
            List<Envelope<DeliveryReported>> batch) {
        var reports = batch.stream().map(Envelope::event).toList();
        CompletableFuture<@Nullable Void> done =
                write(latest(reports)).then(dropDeadKeys(reports)).toFuture();
        return Collections.nCopies(batch.size(), done);
    }

    /** One report a device and transaction: a statement can't write a row twice. */
    private static List<DeliveryReported> latest(List<DeliveryReported> reports) {
        var byDevice =
                new TreeMap<Asked, DeliveryReported>(
                        Comparator.comparing(Asked::txId).thenComparing(Asked::device));
        for (var report : reports) {
            byDevice.merge(
                    new Asked(report.txId(), report.device()),
                    report,
                    (before, after) -> before.state() == DeliveryState.ACCEPTED ? before : after);
        }
        return List.copyOf(byDevice.values());
    }

    private Mono<Void> write(List<DeliveryReported> reports) {
        return database.sql(UPSERT)
                .bindValues(
                        Map.of(
                                "transactions",
                                reports.stream().map(DeliveryReported::txId).toArray(UUID[]::new),
                                "devices",
                                reports.stream().map(DeliveryReported::device).toArray(UUID[]::new),
                                "states",
                                reports.stream()
                                        .map(report -> report.state().text())
                                        .toArray(String[]::new)))
                .map(row -> requireNonNull(row.get("tx_id", UUID.class)))
                .all()
                .collect(Collectors.toSet())
                .doOnNext(known -> countStray(reports, known))
                .then();
    }

    private void countStray(List<DeliveryReported> reports, Set<UUID> known) {
        var gone = reports.stream().filter(report -> !known.contains(report.txId())).toList();
        if (!gone.isEmpty()) {
            stray.increment(gone.size());
            log.info(
                    "{} reports are of transactions that have no row, {} among them: pruned or"
                            + " restored away",
                    gone.size(),
                    gone.getFirst().txId());
        }
    }

    private Mono<Void> dropDeadKeys(List<DeliveryReported> reports) {
        return Flux.fromIterable(reports)
                .filter(DeliveryReported::deadKey)
                .concatMap(this::dropDeadKey)
                .then();
    }

    private Mono<Void> dropDeadKey(DeliveryReported report) {
        var version = report.keyVersion();
        if (version == null) {
            return Mono.empty();
        }
        return devices.dropPushKey(report.device(), version, report.deadSince())
                .flatMap(
                        device ->
                                outbox.append(
                                        device.changed(DeviceChange.PUSH_KEY_DROPPED, DISPATCHER)))
                .as(transaction::transactional);
    }
}
