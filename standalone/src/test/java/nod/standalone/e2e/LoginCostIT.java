package nod.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import nod.gateway.contract.CheckedHttpClient;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.Progress;
import nod.standalone.Standalone;
import nod.standalone.settings.StandaloneSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * What a login makes PostgreSQL read when thousands of others are open: their number must not
 * matter. A system of its own, whose statements are planned while there is nearly nothing to read,
 * as they are after each quiet moment.
 */
class LoginCostIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int OTHERS = 3_000;
    private static final int LOGINS = 60;

    /** Each with a device, as the tables are when everybody has logged in before. */
    private static final String DECIDED =
            """
            INSERT INTO device (pk, user_id, name, confirmed)
            SELECT gen_random_uuid(), 'other-' || n, 'phone', true FROM generate_series(1, %1$d) n;

            INSERT INTO device_token (id, device, kind, hash)
            SELECT gen_random_uuid(), pk, 'device', sha256(pk::text::bytea)
            FROM device WHERE user_id LIKE 'other-%%';

            INSERT INTO transaction (tx_id, user_id, devices, mode, item, items, title, body,
                context, expires, claim, claimed_by, claimed_item, claimed_at, status, reason,
                answered_by, decided)
            SELECT gen_random_uuid(), user_id, ARRAY[pk], 'accept_deny', 'accept', '{}', '', '',
                '{}', now(), 'answer', pk, 'accept', now(), 'accept', 'matched', pk, now()
            FROM device WHERE user_id LIKE 'other-%%';

            INSERT INTO delivery (tx_id, device, state)
            SELECT tx_id, devices[1], 'accepted' FROM transaction WHERE user_id LIKE 'other-%%';
            """
                    .formatted(OTHERS);

    private static final String OPEN =
            """
            INSERT INTO transaction (tx_id, user_id, devices, mode, item, items, title, body,
                context, expires)
            SELECT gen_random_uuid(), user_id, ARRAY[pk], 'accept_deny', 'accept', '{}', '', '',
                '{}', now() + interval '1 day'
            FROM device WHERE user_id LIKE 'other-%'
            """;

    private static final String READ =
            """
            SELECT indexrelname AS name, idx_tup_read AS entries FROM pg_stat_user_indexes
            UNION ALL SELECT relname, seq_tup_read FROM pg_stat_user_tables
            """;

    @Test
    void doesNotGrowWithTheLoginsOfOthers(@TempDir Path folder) throws Exception {
        try (var system =
                        Standalone.start(StandaloneSettings.onFreePorts(folder), Progress.SILENT);
                var database = connect(system)) {
            var user = new User(system);
            user.logsIn(5);
            execute(database, DECIDED);
            execute(database, "VACUUM ANALYZE");
            user.logsIn(5);
            execute(database, OPEN);
            user.logsIn(LOGINS);

            var before = read(database);
            // PostgreSQL tells what was read up to a second late, and not at all before.
            await().atMost(PATIENCE)
                    .until(
                            () -> {
                                user.logsIn(10);
                                return answers(difference(before, read(database))) >= LOGINS;
                            });
            var read = difference(before, read(database));

            // A statement that reads the others does it once for each login; what watches over
            // what is open reads them every few seconds.
            long bound = answers(read) * OTHERS / 2;
            assertThat(read).allSatisfy((_, entries) -> assertThat(entries).isLessThan(bound));
        }
    }

    /** An answer is a token that is looked up. */
    private static long answers(Map<String, Long> read) {
        return requireNonNull(read.get("device_token_hash_key"));
    }

    private static final class User {

        private final Authentik authentik;
        private final VirtualPhone phone;

        User(Standalone system) {
            authentik = new Authentik(system.gatewayUri(), system.apiKey().value());
            var simulators = system.simulators().controlUri();
            phone =
                    VirtualPhone.enrol(
                            authentik.beginEnrolment("alice"),
                            PhoneModel.android("alice's"),
                            simulators,
                            CheckedHttpClient.of(system.gatewayUri(), simulators));
            phone.setNotificationKey();
        }

        void logsIn(int times) {
            for (int i = 0; i < times; i++) {
                var login = authentik.start("alice", "number_matching_3");
                phone.answer(phone.awaitPush(PATIENCE), login.rightItem());
                assertThat(authentik.await(login).status()).isEqualTo("accept");
            }
        }
    }

    private static Connection connect(Standalone system) throws SQLException {
        var postgres = system.postgres();
        return DriverManager.getConnection(
                postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    private static void execute(Connection database, String sql) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Map<String, Long> read(Connection database) throws SQLException {
        var read = new HashMap<String, Long>();
        try (var statement = database.createStatement();
                var rows = statement.executeQuery(READ)) {
            while (rows.next()) {
                read.put(rows.getString("name"), rows.getLong("entries"));
            }
        }
        return read;
    }

    private static Map<String, Long> difference(Map<String, Long> before, Map<String, Long> after) {
        var difference = new HashMap<String, Long>();
        after.forEach(
                (name, entries) -> difference.put(name, entries - before.getOrDefault(name, 0L)));
        return difference;
    }
}
