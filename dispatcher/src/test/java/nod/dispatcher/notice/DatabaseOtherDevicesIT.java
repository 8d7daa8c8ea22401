package nod.dispatcher.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactoryOptions;

import nod.dispatcher.notice.OtherDevices.Added;
import nod.dispatcher.push.PushAddress;
import nod.messaging.testing.TestServers;
import nod.schemas.event.Topic.Producer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

class DatabaseOtherDevicesIT {

    private static final TestServers SERVERS = new TestServers();

    private final OtherDevices devices =
            new DatabaseOtherDevices(
                    DatabaseClient.create(
                            ConnectionFactories.get(
                                    ConnectionFactoryOptions.parse(SERVERS.r2dbcUrl())
                                            .mutate()
                                            .option(
                                                    ConnectionFactoryOptions.USER,
                                                    TestServers.userOf(Producer.DISPATCHER))
                                            .option(
                                                    ConnectionFactoryOptions.PASSWORD,
                                                    SERVERS.password())
                                            .build())));

    private static UUID device(
            String user, boolean confirmed, @Nullable String key, String platform)
            throws SQLException {
        var pk = UUID.randomUUID();
        try (var connection = SERVERS.connect();
                var insert =
                        connection.prepareStatement(
                                """
                                INSERT INTO device
                                    (pk, user_id, name, confirmed, info, push_key, push_key_set)
                                VALUES (?, ?, 'new phone', ?, ?::jsonb, ?::text,
                                        CASE WHEN ?::text IS NULL THEN NULL ELSE now() END)
                                """)) {
            insert.setObject(1, pk);
            insert.setString(2, user);
            insert.setBoolean(3, confirmed);
            insert.setString(4, "{\"platform\":\"" + platform + "\"}");
            insert.setString(5, key);
            insert.setString(6, key);
            insert.executeUpdate();
        }
        return pk;
    }

    private List<OtherDevice> read(Instant expires, UUID... added) {
        var all = List.of(added).stream().map(device -> new Added(device, expires)).toList();
        return Objects.requireNonNull(devices.read(all).block());
    }

    @Test
    void findsTheConfirmedDevicesWithAKeyOfTheSameOwners() throws SQLException {
        var soon = Clock.systemUTC().instant().plus(Duration.ofMinutes(10));
        var anns = device("ann", true, "anns-new-one", "android");
        device("ann", true, "fcm-key", "android");
        device("ann", true, "a".repeat(64), "ios");
        device("ann", true, null, "android");
        device("ann", false, "not-confirmed", "android");
        var berts = device("bert", true, null, "android");
        device("bert", true, "berts", "android");
        device("carl", true, "carls", "android");

        var found = read(soon, anns, berts);

        assertThat(found)
                .extracting(OtherDevice::address)
                .containsExactlyInAnyOrder(
                        new PushAddress.FcmRegistrationToken("fcm-key"),
                        new PushAddress.ApnsDeviceToken("a".repeat(64)),
                        new PushAddress.FcmRegistrationToken("berts"));
        assertThat(found)
                .allSatisfy(
                        other -> {
                            assertThat(other.notice().added()).isIn(anns, berts);
                            assertThat(other.notice().name()).isEqualTo("new phone");
                            assertThat(other.left())
                                    .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
                        });
    }

    @Test
    void doesNotNameTheNewDeviceToOneWhosePushesAreSealed() throws SQLException {
        var soon = Clock.systemUTC().instant().plus(Duration.ofMinutes(10));
        var added = device("emma", true, null, "android");
        var sealed = device("emma", true, "sealed", "android");
        device("emma", true, "open", "android");
        try (var connection = SERVERS.connect();
                var update =
                        connection.prepareStatement(
                                "UPDATE device SET encryption_key = ? WHERE pk = ?")) {
            update.setBytes(1, new byte[32]);
            update.setObject(2, sealed);
            update.executeUpdate();
        }

        assertThat(read(soon, added))
                .extracting(other -> other.address().key(), other -> other.notice().name())
                .containsExactlyInAnyOrder(tuple("sealed", null), tuple("open", "new phone"));
    }

    @Test
    void findsNothingForADeviceThatIsGoneNorOnceItIsNoLongerWorthTelling() throws SQLException {
        var now = Clock.systemUTC().instant();
        var added = device("dora", true, null, "android");
        device("dora", true, "doras", "android");

        assertThat(read(now.plusSeconds(60), UUID.randomUUID())).isEmpty();
        assertThat(read(now.minusSeconds(60), added)).isEmpty();
        assertThat(read(now.plusSeconds(60), added)).hasSize(1);
    }
}
