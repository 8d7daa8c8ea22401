package nod.gateway.transaction;

import static java.util.Objects.requireNonNull;

import io.r2dbc.spi.Readable;

import nod.schemas.event.ItemMode;
import nod.schemas.event.TransactionContext;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Flux;

import tools.jackson.databind.json.JsonMapper;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** What a device is being asked right now. */
@Repository
public class OpenTransactions {

    private static final String ASKING =
            """
            FROM transaction
            WHERE user_id = (SELECT user_id FROM device WHERE pk = :device AND confirmed)
              AND :device = ANY(devices) AND %s
            """
                    .formatted(OpenCondition.BY_USER);

    private final DatabaseClient database;
    private final JsonMapper json;

    OpenTransactions(DatabaseClient database, JsonMapper json) {
        this.database = database;
        this.json = json;
    }

    /**
     * An open transaction's name.
     *
     * @param title the notification's title
     */
    public record Open(UUID txId, String title) {}

    /** The open transactions that ask the device, newest first. */
    public Flux<Open> asking(UUID device) {
        return database.sql("SELECT tx_id, title " + ASKING + " ORDER BY created DESC, tx_id")
                .bind("device", device)
                .map(
                        row ->
                                new Open(
                                        requireNonNull(row.get("tx_id", UUID.class)),
                                        requireNonNull(row.get("title", String.class))))
                .all();
    }

    /** What the device is shown, newest first; each is marked as pulled. */
    Flux<MobilePrompt> pull(UUID device) {
        return database.sql(
                        """
                        WITH asked AS (
                            SELECT tx_id, title, body, mode, items, context, created, expires
                            %s
                        ), pulled AS (
                            INSERT INTO delivery (tx_id, device, state)
                            SELECT tx_id, :device, 'pulled' FROM asked ORDER BY tx_id
                            ON CONFLICT (tx_id, device) DO UPDATE SET state = 'pulled', at = now()
                                WHERE delivery.state <> 'pulled'
                        )
                        SELECT tx_id, title, body, mode, items, context::text AS context, expires
                        FROM asked ORDER BY created DESC, tx_id
                        """
                                .formatted(ASKING))
                .bind("device", device)
                .map(row -> prompt(row, device))
                .all();
    }

    private MobilePrompt prompt(Readable row, UUID device) {
        return new MobilePrompt(
                requireNonNull(row.get("tx_id", UUID.class)),
                device,
                requireNonNull(row.get("title", String.class)),
                requireNonNull(row.get("body", String.class)),
                ItemMode.valueOf(
                        requireNonNull(row.get("mode", String.class)).toUpperCase(Locale.ROOT)),
                List.of(requireNonNull(row.get("items", String[].class))),
                json.readValue(
                        requireNonNull(row.get("context", String.class)), TransactionContext.class),
                requireNonNull(row.get("expires", Instant.class)));
    }
}
