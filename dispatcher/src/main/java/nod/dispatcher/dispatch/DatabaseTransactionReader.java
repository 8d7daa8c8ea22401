package nod.dispatcher.dispatch;

import io.r2dbc.spi.Readable;

import nod.dispatcher.push.EncryptionKey;
import nod.dispatcher.push.PushAddress;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Reads them from PostgreSQL, in one statement whatever their number. */
final class DatabaseTransactionReader implements TransactionReader {

    /** What is left is counted by the database's own clock, and so is what is over. */
    private static final String READ =
            """
            SELECT asked.nr,
                   t.tx_id IS NULL AS missing,
                   t.status = 'wait' AND t.claim IS NULL AND t.expires > now() AS open,
                   asked.device = ANY (t.devices) AND d.pk IS NOT NULL AS still_asked,
                   (extract(epoch FROM t.expires - now()) * 1000000)::bigint AS left_micros,
                   d.push_key,
                   d.push_key_version,
                   d.encryption_key,
                   d.info ->> 'platform' AS platform
            FROM unnest(:transactions, :devices) WITH ORDINALITY AS asked (tx_id, device, nr)
            LEFT JOIN transaction t ON t.tx_id = asked.tx_id AND t.tx_id = ANY(:transactions)
            LEFT JOIN device d ON d.pk = asked.device AND d.pk = ANY(:devices)
            """;

    private record Numbered(int index, Standing standing) {}

    private final DatabaseClient database;

    DatabaseTransactionReader(DatabaseClient database) {
        this.database = database;
    }

    @Override
    public Mono<List<Standing>> read(List<Asked> asked) {
        if (asked.isEmpty()) {
            return Mono.just(List.of());
        }
        return database.sql(READ)
                .bind("transactions", asked.stream().map(Asked::txId).toArray(UUID[]::new))
                .bind("devices", asked.stream().map(Asked::device).toArray(UUID[]::new))
                .map(DatabaseTransactionReader::numbered)
                .all()
                .collectList()
                .map(rows -> inOrder(rows, asked.size()));
    }

    private static List<Standing> inOrder(List<Numbered> rows, int size) {
        var standings = new Standing[size];
        rows.forEach(row -> standings[row.index()] = row.standing());
        return Arrays.asList(standings);
    }

    private static Numbered numbered(Readable row) {
        long number = required(row.get("nr", Long.class));
        return new Numbered(Math.toIntExact(number - 1), standing(row));
    }

    private static Standing standing(Readable row) {
        if (required(row.get("missing", Boolean.class))) {
            return new Standing.Missing();
        }
        if (!required(row.get("open", Boolean.class))) {
            return new Standing.Closed();
        }
        if (!required(row.get("still_asked", Boolean.class))) {
            return new Standing.NoLongerAsked();
        }
        var key = row.get("push_key", String.class);
        if (key == null) {
            return new Standing.WithoutKey();
        }
        var encryptionKey = row.get("encryption_key", byte[].class);
        long leftMicros = required(row.get("left_micros", Long.class));
        return new Standing.Waiting(
                PushAddress.of(key, row.get("platform", String.class)),
                encryptionKey == null ? null : EncryptionKey.of(encryptionKey),
                required(row.get("push_key_version", Integer.class)),
                Duration.ofNanos(leftMicros * 1000));
    }

    private static <T> T required(@Nullable T value) {
        return Objects.requireNonNull(value);
    }
}
