package nod.dispatcher.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.r2dbc.spi.ConnectionFactories;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryOptions;

import nod.dispatcher.push.EncryptionKey;
import nod.dispatcher.push.PushAddress;
import nod.messaging.testing.TestServers;
import nod.schemas.event.Topic.Producer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

class DatabaseTransactionReaderIT {

    private static final TestServers SERVERS = new TestServers();

    private final TransactionReader reader =
            new DatabaseTransactionReader(DatabaseClient.create(connections()));

    private static ConnectionFactory connections() {
        return ConnectionFactories.get(
                ConnectionFactoryOptions.parse(SERVERS.r2dbcUrl())
                        .mutate()
                        .option(
                                ConnectionFactoryOptions.USER,
                                TestServers.userOf(Producer.DISPATCHER))
                        .option(ConnectionFactoryOptions.PASSWORD, SERVERS.password())
                        .build());
    }

    private static void execute(String sql, @Nullable Object... parameters) {
        try (var connection = SERVERS.connect();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        } catch (SQLException refused) {
            throw new IllegalStateException(refused);
        }
    }

    private static UUID device(@Nullable String key, int version, @Nullable String platform) {
        var pk = UUID.randomUUID();
        var info = platform == null ? null : "{\"platform\":\"" + platform + "\"}";
        execute(
                """
                INSERT INTO device (pk, user_id, name, info, push_key, push_key_version, push_key_set)
                VALUES (?, 'ann', 'phone', ?::jsonb, ?::text, ?,
                        CASE WHEN ?::text IS NULL THEN NULL ELSE now() END)
                """,
                pk,
                info,
                key,
                version,
                key);
        return pk;
    }

    private static UUID transaction(String left, UUID... devices) {
        var txId = UUID.randomUUID();
        execute(
                """
                INSERT INTO transaction
                    (tx_id, user_id, devices, mode, item, items, title, body, context, expires)
                VALUES (?, 'ann', ?::uuid[], 'accept_deny', 'accept', '{accept,deny}', 't', 'b',
                        '{}'::jsonb, now() + ?::interval)
                """,
                txId,
                "{" + String.join(",", Stream.of(devices).map(UUID::toString).toList()) + "}",
                left);
        return txId;
    }

    private List<Standing> read(Asked... asked) {
        return Objects.requireNonNull(reader.read(List.of(asked)).block(Duration.ofSeconds(10)));
    }

    @Test
    void readsEveryStandingInOneStatementInTheOrderAsked() {
        var phone = device("token", 3, "android");
        var tablet = device("ab".repeat(32), 7, "ios");
        var keyless = device(null, 2, "ios");
        var removed = UUID.randomUUID();
        var open = transaction("1 minute", phone, tablet, keyless, removed);
        var expired = transaction("-1 millisecond", phone);
        var claimed = transaction("1 minute", phone);
        execute(
                """
                UPDATE transaction
                SET claim = 'answer', claimed_by = ?, claimed_item = 'accept', claimed_at = now()
                WHERE tx_id = ?
                """,
                phone,
                claimed);
        var decided = transaction("1 minute", phone);
        execute(
                "UPDATE transaction SET status = 'expired', decided = now() WHERE tx_id = ?",
                decided);

        var standings =
                read(
                        new Asked(open, tablet),
                        new Asked(expired, phone),
                        new Asked(open, keyless),
                        new Asked(UUID.randomUUID(), phone),
                        new Asked(open, phone),
                        new Asked(claimed, phone),
                        new Asked(open, removed),
                        new Asked(decided, phone),
                        new Asked(open, device("other", 1, null)));

        assertThat(standings.get(0))
                .isInstanceOfSatisfying(
                        Standing.Waiting.class,
                        waiting -> {
                            assertThat(waiting.address())
                                    .isEqualTo(PushAddress.of("ab".repeat(32), "ios"));
                            assertThat(waiting.keyVersion()).isEqualTo(7);
                            assertThat(waiting.left())
                                    .isBetween(Duration.ofSeconds(45), Duration.ofMinutes(1));
                        });
        assertThat(standings.get(1)).isInstanceOf(Standing.Closed.class);
        assertThat(standings.get(2)).isInstanceOf(Standing.WithoutKey.class);
        assertThat(standings.get(3)).isInstanceOf(Standing.Missing.class);
        assertThat(standings.get(4))
                .isInstanceOfSatisfying(
                        Standing.Waiting.class,
                        waiting -> {
                            assertThat(waiting.address().key()).isEqualTo("token");
                            assertThat(waiting.keyVersion()).isEqualTo(3);
                        });
        assertThat(standings.get(5)).isInstanceOf(Standing.Closed.class);
        assertThat(standings.get(6)).isInstanceOf(Standing.NoLongerAsked.class);
        assertThat(standings.get(7)).isInstanceOf(Standing.Closed.class);
        assertThat(standings.get(8)).isInstanceOf(Standing.NoLongerAsked.class);
    }

    @Test
    void aDeviceThatNeverToldItsPlatformIsReadAsWell() {
        var phone = device("ab".repeat(32), 1, null);
        var txId = transaction("1 minute", phone);

        assertThat(read(new Asked(txId, phone)).getFirst())
                .isInstanceOfSatisfying(
                        Standing.Waiting.class,
                        waiting ->
                                assertThat(waiting.address())
                                        .isInstanceOf(PushAddress.FcmRegistrationToken.class));
    }

    @Test
    void readsWhatAPushIsToBeSealedFor() {
        var phone = device("token", 1, "android");
        var other = device("other", 1, "android");
        var txId = transaction("1 minute", phone, other);
        var key = new byte[32];
        key[31] = 77;
        execute("UPDATE device SET encryption_key = ? WHERE pk = ?", key, phone);

        var standings = read(new Asked(txId, phone), new Asked(txId, other));

        assertThat(standings)
                .extracting(standing -> ((Standing.Waiting) standing).sealFor())
                .containsExactly(EncryptionKey.of(key), null);
    }

    @Test
    void nothingAskedIsNothingRead() {
        assertThat(read()).isEmpty();
    }

    @Test
    void readsAWholePollAtOnce() {
        var phone = device("token", 1, "android");
        var txId = transaction("1 minute", phone);
        var asked = Stream.generate(() -> new Asked(txId, phone)).limit(5000).toList();

        assertThat(reader.read(asked).block(Duration.ofSeconds(10)))
                .hasSize(5000)
                .allMatch(Standing.Waiting.class::isInstance);
    }
}
