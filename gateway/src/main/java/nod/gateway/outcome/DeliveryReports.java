package nod.gateway.outcome;

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
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Writes down how each device was reached, and drops the push keys that a provider called dead. One
 * statement for the reports of a poll. A report of a transaction that was pruned says nothing to
 * anybody and is skipped.
 */
@Component
class DeliveryReports implements EventHandler<DeliveryReported> {

    /** What a phone pulled stays pulled; a push that was accepted once stays accepted. */
    private static final String UPSERT =
            """
            INSERT INTO delivery (tx_id, device, state)
            SELECT r.tx_id, r.device, r.state
            FROM unnest(:transactions, :devices, :states) AS r (tx_id, device, state)
            WHERE EXISTS (SELECT 1 FROM transaction t WHERE t.tx_id = r.tx_id)
            ORDER BY r.tx_id, r.device
            ON CONFLICT (tx_id, device) DO UPDATE SET state = EXCLUDED.state, at = now()
                WHERE delivery.state NOT IN ('pulled', 'accepted')
            """;

    private static final Actor DISPATCHER =
            new Actor(Actor.Kind.SERVICE, Producer.DISPATCHER.serviceName());

    private record Asked(UUID txId, UUID device) {}

    private final DatabaseClient database;
    private final Devices devices;
    private final Outbox outbox;
    private final TransactionalOperator transaction;

    DeliveryReports(
            DatabaseClient database,
            Devices devices,
            Outbox outbox,
            TransactionalOperator transaction) {
        this.database = database;
        this.devices = devices;
        this.outbox = outbox;
        this.transaction = transaction;
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
                .then();
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
