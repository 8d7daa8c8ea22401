package nod.collector.expiry;

import io.r2dbc.spi.Readable;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
            SELECT tx_id, devices
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
    Mono<Map<UUID, List<Reach>>> lock(int limit) {
        return database.sql(LOCK)
                .bind("limit", limit)
                .map(row -> new Overdue(row))
                .all()
                .collectList()
                .flatMap(this::reached);
    }

    private Mono<Map<UUID, List<Reach>>> reached(List<Overdue> overdue) {
        if (overdue.isEmpty()) {
            return Mono.just(Map.of());
        }
        // A statement of its own, after the locks: its snapshot is younger than they are.
        return database.sql(DELIVERIES)
                .bind("ids", overdue.stream().map(Overdue::txId).toArray(UUID[]::new))
                .map(row -> new Delivery(row))
                .all()
                .collectMap(Delivery::subject, Delivery::reach)
                .map(reports -> combine(overdue, reports));
    }

    private static Map<UUID, List<Reach>> combine(
            List<Overdue> overdue, Map<Subject, Reach> reports) {
        var reached = new HashMap<UUID, List<Reach>>();
        for (var one : overdue) {
            var ofDevices = new ArrayList<Reach>();
            for (var device : one.devices()) {
                var subject = new Subject(one.txId(), device);
                ofDevices.add(reports.getOrDefault(subject, Reach.PENDING));
            }
            reached.put(one.txId(), ofDevices);
        }
        return reached;
    }

    private static <T> T required(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    private record Subject(UUID txId, UUID device) {}

    private record Overdue(UUID txId, List<UUID> devices) {

        Overdue(Readable row) {
            this(
                    required(row.get("tx_id", UUID.class)),
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
