package nod.collector.expiry;

import io.r2dbc.spi.Readable;

import nod.messaging.event.Traceparent;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** Reads the transactions that nobody answered in time. Thread-safe. */
@Component
final class OverdueTransactions {

    /**
     * Rows that somebody else is working on are left to them: another sweep, or a claim that is
     * being committed. The weaker lock is enough for what is written, and lets a report be filed
     * for the row meanwhile.
     */
    private static final String LOCK =
            """
            SELECT tx_id, devices, traceparent
            FROM transaction
            WHERE status = 'wait' AND claim IS NULL AND expires <= now()
            ORDER BY expires
            LIMIT :limit
            FOR NO KEY UPDATE SKIP LOCKED
            """;

    private static final String DELIVERIES =
            "SELECT tx_id, device, state FROM delivery WHERE tx_id = ANY(:ids)";

    private final DatabaseClient database;

    OverdueTransactions(DatabaseClient database) {
        this.database = database;
    }

    /**
     * Locks some of them, at most {@code limit}, until the running transaction ends.
     *
     * @return how the asked devices of each were reached
     */
    Mono<List<Overdue>> lock(int limit) {
        return database.sql(LOCK)
                .bind("limit", limit)
                .map(row -> new Asked(row))
                .all()
                .collectList()
                .flatMap(this::reached);
    }

    private Mono<List<Overdue>> reached(List<Asked> overdue) {
        if (overdue.isEmpty()) {
            return Mono.just(List.of());
        }
        // A statement of its own, after the locks: its snapshot is younger than they are.
        return database.sql(DELIVERIES)
                .bind("ids", overdue.stream().map(Asked::txId).toArray(UUID[]::new))
                .map(row -> new Delivery(row))
                .all()
                .collectMap(Delivery::subject, Delivery::reach)
                .map(reports -> combine(overdue, reports));
    }

    private static List<Overdue> combine(List<Asked> overdue, Map<Subject, Reach> reports) {
        return overdue.stream()
                .map(one -> new Overdue(one.txId(), one.start(), reached(one, reports)))
                .toList();
    }

    private static List<Reach> reached(Asked asked, Map<Subject, Reach> reports) {
        return asked.devices().stream()
                .map(device -> new Subject(asked.txId(), device))
                .map(subject -> reports.getOrDefault(subject, Reach.PENDING))
                .toList();
    }

    private static <T> T required(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    private record Subject(UUID txId, UUID device) {}

    private record Asked(UUID txId, Traceparent start, List<UUID> devices) {

        Asked(Readable row) {
            this(
                    required(row.get("tx_id", UUID.class)),
                    Traceparent.of(row.get("traceparent", String.class)),
                    Arrays.asList(required(row.get("devices", UUID[].class))));
        }
    }

    private record Delivery(Subject subject, Reach reach) {

        Delivery(Readable row) {
            this(
                    new Subject(
                            required(row.get("tx_id", UUID.class)),
                            required(row.get("device", UUID.class))),
                    Reach.of(required(row.get("state", String.class))));
        }
    }
}
