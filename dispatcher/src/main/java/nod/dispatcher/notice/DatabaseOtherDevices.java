package nod.dispatcher.notice;

import static java.util.Objects.requireNonNull;

import io.r2dbc.spi.Readable;

import nod.dispatcher.push.DeviceAdded;
import nod.dispatcher.push.PushAddress;

import org.springframework.r2dbc.core.DatabaseClient;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Reads them from PostgreSQL, in one statement whatever their number. A phone whose pushes are
 * sealed gets a notice that names nothing: what it says is shown by the system, before the app
 * could open anything.
 */
final class DatabaseOtherDevices implements OtherDevices {

    private static final String READ =
            """
            SELECT added.pk AS added, told.expires,
                   CASE WHEN other.encryption_key IS NULL THEN added.name END AS name,
                   (extract(epoch FROM told.expires - now()) * 1000000)::bigint AS left_micros,
                   other.push_key, other.info ->> 'platform' AS platform
            FROM unnest(:devices, :expires) AS told (device, expires)
            JOIN device added ON added.pk = told.device AND added.confirmed
            JOIN device other ON other.user_id = added.user_id AND other.pk <> added.pk
            WHERE other.confirmed AND other.push_key IS NOT NULL AND told.expires > now()
            """;

    private final DatabaseClient database;

    DatabaseOtherDevices(DatabaseClient database) {
        this.database = database;
    }

    @Override
    public Mono<List<OtherDevice>> read(List<Added> added) {
        return database.sql(READ)
                .bind("devices", added.stream().map(Added::device).toArray(UUID[]::new))
                .bind("expires", added.stream().map(Added::expires).toArray(Instant[]::new))
                .map(DatabaseOtherDevices::other)
                .all()
                .collectList();
    }

    private static OtherDevice other(Readable row) {
        long leftMicros = requireNonNull(row.get("left_micros", Long.class));
        return new OtherDevice(
                PushAddress.of(
                        requireNonNull(row.get("push_key", String.class)),
                        row.get("platform", String.class)),
                new DeviceAdded(
                        requireNonNull(row.get("added", UUID.class)),
                        row.get("name", String.class),
                        requireNonNull(row.get("expires", Instant.class))),
                Duration.ofNanos(leftMicros * 1000));
    }
}
