package nod.gateway.transaction;

import static java.util.Objects.requireNonNull;

import io.r2dbc.spi.Readable;

import nod.messaging.batch.Batches;
import nod.messaging.batch.Gathering;
import nod.schemas.event.ItemMode;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Mono;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** The transactions' rows as the gateway shows them. */
@Repository
public class Transactions {

    /** The more come in the meantime, the fewer statements each takes. */
    private static final int FINDS_AT_ONCE = 1;

    private static final int FINDS_TOGETHER = 100;

    private static final Duration CLOSE = Duration.ofMillis(8);

    private static final Duration WAIT = Duration.ofMillis(4);

    private static final String FIND =
            """
            SELECT t.tx_id, t.user_id, t.devices, t.mode, t.item, t.claim, t.status, t.reason,
                   t.answered_by, t.created, t.expires, t.decided,
                   (SELECT json_agg(json_build_object(
                               'device', d.device, 'state', d.state, 'at', d.at))::text
                    FROM delivery d WHERE d.tx_id = t.tx_id) AS deliveries
            FROM transaction t WHERE t.tx_id = ANY(:ids)
            """;

    private final DatabaseClient database;
    private final JsonMapper json;
    private final Batches<UUID, MobileTransaction> finds =
            new Batches<>(FINDS_AT_ONCE, FINDS_TOGETHER, Gathering.of(CLOSE, WAIT), this::findAll);

    Transactions(DatabaseClient database, JsonMapper json) {
        this.database = database;
        this.json = json;
    }

    /**
     * The transaction as it stands, outside of any running database transaction; empty where there
     * is none.
     */
    public Mono<MobileTransaction> find(UUID txId) {
        return finds.ask(txId);
    }

    private Mono<List<Optional<MobileTransaction>>> findAll(List<UUID> txIds) {
        return database.sql(FIND)
                .bind("ids", txIds.toArray(UUID[]::new))
                .map(this::transaction)
                .all()
                .collectMap(MobileTransaction::txId)
                .map(
                        found ->
                                txIds.stream()
                                        .map(id -> Optional.ofNullable(found.get(id)))
                                        .toList());
    }

    private MobileTransaction transaction(Readable row) {
        var devices = List.of(requireNonNull(row.get("devices", UUID[].class)));
        var mode = ItemMode.valueOf(constant(requireNonNull(row.get("mode", String.class))));
        var status =
                TransactionStatus.valueOf(
                        constant(requireNonNull(row.get("status", String.class))));
        var reason = row.get("reason", String.class);
        var claim = row.get("claim", String.class);
        // A withdrawn one is cancelled at once, whenever the decision is written.
        var withdrawn =
                status == TransactionStatus.WAIT && claim != null && !claim.equals("answer");
        return new MobileTransaction(
                requireNonNull(row.get("tx_id", UUID.class)),
                requireNonNull(row.get("user_id", String.class)),
                devices,
                mode,
                MobileTransaction.shown(mode, row.get("item", String.class)),
                withdrawn ? TransactionStatus.CANCELLED : status,
                reasonOf(withdrawn ? claim : reason),
                row.get("answered_by", UUID.class),
                deliveries(devices, row.get("deliveries", String.class)),
                requireNonNull(row.get("created", Instant.class)),
                requireNonNull(row.get("expires", Instant.class)),
                row.get("decided", Instant.class));
    }

    private static @Nullable OutcomeReason reasonOf(@Nullable String text) {
        return text == null ? null : OutcomeReason.valueOf(constant(text));
    }

    private static String constant(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    /** Each asked device once; one that nothing is known of is pending. */
    private List<MobileTransaction.Delivery> deliveries(
            List<UUID> devices, @Nullable String reported) {
        var rows = reported == null ? json.createArrayNode() : json.readTree(reported);
        var deliveries = new ArrayList<MobileTransaction.Delivery>();
        for (var device : devices) {
            var delivery = MobileTransaction.Delivery.pending(device);
            for (var row : rows) {
                if (row.path("device").asString().equals(device.toString())) {
                    delivery = delivery(device, row);
                }
            }
            deliveries.add(delivery);
        }
        return deliveries;
    }

    private static MobileTransaction.Delivery delivery(UUID device, JsonNode row) {
        return new MobileTransaction.Delivery(
                device,
                row.path("state").asString(),
                OffsetDateTime.parse(row.path("at").asString()).toInstant());
    }
}
