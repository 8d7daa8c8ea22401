package nod.collector.outcome;

import io.r2dbc.spi.Readable;

import nod.schemas.event.ItemMode;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;

import reactor.core.publisher.Mono;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Reads what is to be decided. Thread-safe. */
@Component
final class ClaimedTransactions {

    private static final String READ =
            """
            SELECT tx_id, mode, item, claim, claimed_by, claimed_item, status
            FROM transaction
            WHERE tx_id = ANY(:ids)
            """;

    private final DatabaseClient database;

    ClaimedTransactions(DatabaseClient database) {
        this.database = database;
    }

    /** The rows of these transactions, of whatever state; pruned ones are not among them. */
    Mono<List<Found>> read(Collection<UUID> txIds) {
        return database.sql(READ)
                .bind("ids", txIds.toArray(UUID[]::new))
                .map(ClaimedTransactions::found)
                .all()
                .collectList();
    }

    private static Found found(Readable row) {
        var txId = required(row.get("tx_id", UUID.class));
        var claim = row.get("claim", String.class);
        if (claim == null) {
            return new Found.Unclaimed(txId);
        }
        if (!"wait".equals(row.get("status", String.class))) {
            return new Found.AlreadyDecided(txId);
        }
        return new Found.ToDecide(
                new ClaimedTransaction(
                        txId,
                        mode(required(row.get("mode", String.class))),
                        required(row.get("item", String.class)),
                        Claim.of(
                                claim,
                                row.get("claimed_by", UUID.class),
                                row.get("claimed_item", String.class))));
    }

    private static ItemMode mode(String text) {
        return Arrays.stream(ItemMode.values())
                .filter(mode -> mode.text().equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "mode '" + text + "': expected one of the contract's"));
    }

    private static <T> T required(@Nullable T value) {
        return Objects.requireNonNull(value);
    }

    /** What a row says. */
    sealed interface Found {

        UUID txId();

        /** It is claimed and waits. */
        record ToDecide(ClaimedTransaction transaction) implements Found {
            @Override
            public UUID txId() {
                return transaction.txId();
            }
        }

        /** It is final. */
        record AlreadyDecided(UUID txId) implements Found {}

        /** Nothing closed it yet, or nothing but its expiry. */
        record Unclaimed(UUID txId) implements Found {}
    }
}
