package nod.gateway.device;

import static java.util.Objects.requireNonNull;

import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;

import nod.gateway.security.Reach;

import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Repository;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import tools.jackson.databind.json.JsonMapper;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * The registry's rows. Every write counts the row's sequence up and returns the row as it is then;
 * empty where there is no such device.
 */
@Repository
public class Devices {

    private static final String COLUMNS =
            "pk, user_id, name, confirmed, info::text AS info, sequence";

    /** The removal counts as a write, too. */
    private static final String DELETED_COLUMNS =
            COLUMNS.replace("sequence", "sequence + 1 AS sequence");

    private final DatabaseClient database;
    private final JsonMapper json;

    Devices(DatabaseClient database, JsonMapper json) {
        this.database = database;
        this.json = json;
    }

    /** Adds an unconfirmed device. */
    public Mono<Device> add(UUID pk, String user, String name) {
        return database.sql(
                        """
                        INSERT INTO device (pk, user_id, name) VALUES (:pk, :user, :name)
                        RETURNING %s
                        """
                                .formatted(COLUMNS))
                .bind("pk", pk)
                .bind("user", user)
                .bind("name", name)
                .map(this::device)
                .one();
    }

    /** The device with this pk, if it is within reach. */
    public Mono<Device> find(UUID pk, Reach reach) {
        return database.sql("SELECT %s FROM device WHERE pk = :pk".formatted(COLUMNS))
                .bind("pk", pk)
                .map(this::device)
                .one()
                .filter(device -> reach.covers(device.user()));
    }

    /** How many devices a user has or is enrolling, those not counted whose enrolment ran out. */
    public Mono<Long> countOf(String user) {
        return database.sql(
                        """
                        SELECT count(*) AS n FROM device d
                        WHERE user_id = :user
                          AND (confirmed OR EXISTS (SELECT 1 FROM device_token t
                                                    WHERE t.device = d.pk AND t.expires > now()))
                        """)
                .bind("user", user)
                .map(row -> requireNonNull(row.get("n", Long.class)))
                .one();
    }

    /** All devices of a user, confirmed or not. */
    public Flux<Device> allOf(String user) {
        return database.sql(
                        "SELECT %s FROM device WHERE user_id = :user ORDER BY pk"
                                .formatted(COLUMNS))
                .bind("user", user)
                .map(this::device)
                .all();
    }

    /** The device, of whichever user, that was enrolled with this identifier of a phone. */
    public Mono<Device> findByUid(String deviceUid) {
        return database.sql("SELECT %s FROM device WHERE device_uid = :uid".formatted(COLUMNS))
                .bind("uid", deviceUid)
                .map(this::device)
                .one();
    }

    /** Confirms the device: its phone and the keys that it gave are known from now on. */
    public Mono<Device> confirm(
            UUID pk, String deviceUid, String name, DeviceInfo info, PhoneKeys keys) {
        var publicKey = keys.publicKey();
        var encryptionKey = keys.encryptionKey();
        return write(
                pk,
                """
                confirmed = true, device_uid = :uid, name = :name, info = CAST(:info AS jsonb),
                public_key = CAST(:public_key AS jsonb), encryption_key = :encryption_key\
                """,
                statement ->
                        statement
                                .bind("uid", deviceUid)
                                .bind("name", name)
                                .bind("info", json.writeValueAsString(info))
                                .bind(
                                        "public_key",
                                        publicKey == null
                                                ? Parameters.in(String.class)
                                                : Parameters.in(publicKey.json()))
                                .bind(
                                        "encryption_key",
                                        encryptionKey == null
                                                ? Parameters.in(byte[].class)
                                                : Parameters.in(encryptionKey.bytes())));
    }

    Mono<Device> rename(UUID pk, String name) {
        return write(pk, "name = :name", statement -> statement.bind("name", name));
    }

    Mono<Device> checkIn(UUID pk, DeviceInfo info) {
        return write(
                pk,
                "info = CAST(:info AS jsonb), checked_in = now()",
                statement -> statement.bind("info", json.writeValueAsString(info)));
    }

    /** Sets the push key; its version counts up, so that a verdict on the earlier key is void. */
    public Mono<Device> setPushKey(UUID pk, String key) {
        return write(
                pk,
                "push_key = :key, push_key_version = push_key_version + 1, push_key_set = now()",
                statement -> statement.bind("key", key));
    }

    /**
     * Drops a dead push key, if it is still the one the verdict speaks of.
     *
     * @param version the version that the provider was asked with
     * @param deadSince a key set after this time is another phone's; null: the version alone
     *     decides
     */
    public Mono<Device> dropPushKey(UUID pk, int version, @Nullable Instant deadSince) {
        return database.sql(
                        """
                        UPDATE device
                        SET push_key = NULL, push_key_set = NULL, sequence = sequence + 1
                        WHERE pk = :pk AND push_key IS NOT NULL AND push_key_version = :version
                          AND (CAST(:since AS timestamptz) IS NULL OR push_key_set < :since)
                        RETURNING %s
                        """
                                .formatted(COLUMNS))
                .bind("pk", pk)
                .bind("version", version)
                .bind(
                        "since",
                        deadSince == null ? Parameters.in(Instant.class) : Parameters.in(deadSince))
                .map(this::device)
                .one();
    }

    /** Deletes the row, and with it the device's tokens. */
    Mono<Device> delete(UUID pk) {
        return database.sql(
                        "DELETE FROM device WHERE pk = :pk RETURNING %s".formatted(DELETED_COLUMNS))
                .bind("pk", pk)
                .map(this::device)
                .one();
    }

    /**
     * Deletes devices that were never confirmed, the oldest first, but none that somebody else has
     * locked.
     *
     * @param kept how long after its enrollment token has expired such a device is kept
     * @param limit the most that are deleted; part of the text, because of a parameter PostgreSQL
     *     would guess that it means a tenth of the table
     */
    Flux<Device> deleteUnconfirmed(Duration kept, int limit) {
        return database.sql(
                        """
                        DELETE FROM device WHERE pk = ANY(ARRAY(
                            SELECT pk FROM device d
                            WHERE NOT confirmed
                              AND created < now() - :age * interval '1 millisecond'
                              AND NOT EXISTS (SELECT 1 FROM device_token t
                                              WHERE t.device = d.pk AND t.expires
                                                  >= now() - :age * interval '1 millisecond')
                            ORDER BY created
                            LIMIT %d
                            FOR UPDATE OF d SKIP LOCKED))
                        RETURNING %s
                        """
                                .formatted(limit, DELETED_COLUMNS))
                .bind("age", kept.toMillis())
                .map(this::device)
                .all();
    }

    private Mono<Device> write(
            UUID pk, String assignments, UnaryOperator<GenericExecuteSpec> parameters) {
        var sql =
                "UPDATE device SET %s, sequence = sequence + 1 WHERE pk = :pk RETURNING %s"
                        .formatted(assignments, COLUMNS);
        return parameters.apply(database.sql(sql).bind("pk", pk)).map(this::device).one();
    }

    Device device(Readable row) {
        var info = row.get("info", String.class);
        return new Device(
                requireNonNull(row.get("pk", UUID.class)),
                requireNonNull(row.get("user_id", String.class)),
                requireNonNull(row.get("name", String.class)),
                requireNonNull(row.get("confirmed", Boolean.class)),
                info == null ? DeviceInfo.UNKNOWN : json.readValue(info, DeviceInfo.class),
                requireNonNull(row.get("sequence", Long.class)));
    }
}
