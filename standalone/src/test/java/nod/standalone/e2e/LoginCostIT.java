package nod.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import nod.gateway.contract.CheckedHttpClient;
import nod.simulators.phone.PhoneModel;
import nod.simulators.phone.VirtualPhone;
import nod.standalone.Progress;
import nod.standalone.Standalone;
import nod.standalone.e2e.Authentik.Login;
import nod.standalone.settings.StandaloneSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What a login makes PostgreSQL read, however it ends, when thousands of others are open and as
 * many users paused: their number must not matter. A system of its own, whose statements are
 * planned while there is nearly nothing to read, as they are after each quiet moment.
 */
class LoginCostIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Each look at them waits for a round of logins. */
    private static final Duration STATISTICS = Duration.ofMinutes(2);

    private static final int OTHERS = 3_000;
    private static final int ROUNDS = 40;

    /** A start reads what its own user did within ten minutes: that is no matter of others. */
    private static final int USERS = 10;

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
            FROM device WHERE user_id LIKE 'other-%';

            INSERT INTO user_limit (user_id, reason, since, until)
            SELECT user_id, 'declined', now(), now() + interval '1 hour'
            FROM device WHERE user_id LIKE 'other-%';
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
            var users = new Users(system);
            users.logIn(5);
            execute(database, DECIDED);
            execute(database, "VACUUM ANALYZE");
            users.logIn(5);
            execute(database, OPEN);
            users.logIn(ROUNDS);

            var before = read(database);
            // PostgreSQL tells what was read up to a second late, and not at all before.
            await().atMost(STATISTICS)
                    .until(
                            () -> {
                                users.logIn(5);
                                return rounds(difference(before, read(database))) >= ROUNDS;
                            });
            var read = difference(before, read(database));

            // A statement that reads the others does it once for each round; what watches over
            // what is open reads them every few seconds.
            long bound = rounds(read) * OTHERS / 2;
            assertThat(read).allSatisfy((_, entries) -> assertThat(entries).isLessThan(bound));
        }
    }

    /** In each the phone calls four times, and shows its token, which is looked up. */
    private static long rounds(Map<String, Long> read) {
        return requireNonNull(read.get("device_token_hash_key")) / 4;
    }

    /** One after the other has a round of logins. */
    private static final class Users {

        private final List<User> users;
        private int next;

        Users(Standalone system) {
            users =
                    IntStream.range(0, USERS)
                            .mapToObj(number -> new User(system, "user-" + number))
                            .toList();
        }

        void logIn(int rounds) {
            for (int i = 0; i < rounds; i++) {
                users.get(next++ % USERS).logsIn();
            }
        }
    }

    private static final class User {

        private final String name;
        private final Authentik authentik;
        private final VirtualPhone phone;

        User(Standalone system, String name) {
            this.name = name;
            authentik = new Authentik(system.gatewayUri(), system.apiKey().value());
            var simulators = system.simulators().controlUri();
            phone =
                    VirtualPhone.enrol(
                            authentik.beginEnrolment(name),
                            PhoneModel.android(name),
                            simulators,
                            CheckedHttpClient.of(system.gatewayUri(), simulators));
            phone.setNotificationKey();
        }

        /** Logins that end in several ways, the last one in an accept. */
        void logsIn() {
            isDenied();
            isReported();
            isCancelled();
            isAcceptedWhereItSupersedesAnother();
        }

        private void isDenied() {
            var login = authentik.start(name, "number_matching_3");
            phone.deny(phone.awaitPush(PATIENCE));
            ends(login, "deny");
            authentik.release(name);
        }

        private void isReported() {
            var login = authentik.start(name, "number_matching_3");
            phone.report(phone.awaitPush(PATIENCE));
            ends(login, "deny");
            authentik.release(name);
        }

        private void isCancelled() {
            var login = authentik.start(name, "number_matching_3");
            phone.awaitPush(PATIENCE);
            authentik.cancel(login);
            ends(login, "cancelled");
        }

        private void isAcceptedWhereItSupersedesAnother() {
            var superseded = authentik.start(name, "number_matching_3");
            phone.awaitPush(PATIENCE);
            var login = authentik.start(name, "number_matching_3");
            phone.awaitPush(PATIENCE);
            phone.answer(phone.pull().getFirst(), login.rightItem());
            ends(superseded, "cancelled");
            ends(login, "accept");
        }

        private void ends(Login login, String status) {
            assertThat(authentik.await(login).status()).isEqualTo(status);
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
