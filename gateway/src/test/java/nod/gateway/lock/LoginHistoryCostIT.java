package nod.gateway.lock;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.RunningGateway;
import nod.messaging.testing.RowsRead;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;

import java.sql.SQLException;

/** What a start reads of a hundred thousand transactions, of which some users have thousands. */
class LoginHistoryCostIT {

    private static final String MANY =
            """
            INSERT INTO user_limit (user_id)
            VALUES ('busy'), ('quiet'), ('denied'), ('unreachable'), ('returned');

            INSERT INTO user_limit (user_id) SELECT 'user-' || n FROM generate_series(1, 7000) n;

            CREATE FUNCTION pg_temp.logins(who text, how text, n int, age interval) RETURNS void
            LANGUAGE sql AS $$
            WITH login AS (
                INSERT INTO transaction (tx_id, user_id, devices, mode, item, items, title, body,
                    context, created, expires, claim, claimed_by, claimed_item, claimed_at, status,
                    decided)
                SELECT gen_random_uuid(), who, ARRAY[gen_random_uuid()], 'accept_deny', 'accept',
                    '{}', '', '', '{}', ended - interval '5 seconds', ended + interval '55 seconds',
                    CASE how WHEN 'accept' THEN 'answer' WHEN 'deny' THEN 'answer'
                        ELSE 'cancelled' END,
                    CASE WHEN how IN ('accept', 'deny') THEN gen_random_uuid() END,
                    CASE WHEN how IN ('accept', 'deny') THEN how END,
                    ended, how, now()
                FROM (SELECT now() - age - k * interval '10 seconds' FROM generate_series(1, n) k)
                    AS times (ended)
                RETURNING tx_id, devices)
            INSERT INTO delivery (tx_id, device, state)
            SELECT tx_id, devices[1], CASE who WHEN 'unreachable' THEN 'unreachable'
                ELSE 'accepted' END FROM login
            $$;

            SELECT pg_temp.logins('busy', 'accept', 8000, '20 seconds');
            SELECT pg_temp.logins('busy', 'cancelled', 1, '0');
            SELECT pg_temp.logins('returned', 'cancelled', 8000, '1 minute');
            SELECT pg_temp.logins('returned', 'accept', 1, '20 seconds');
            SELECT pg_temp.logins('denied', 'deny', 8000, '2 days');
            SELECT pg_temp.logins('unreachable', 'cancelled', 8000, '0');
            SELECT pg_temp.logins('user-' || n, 'accept', 10, '0') FROM generate_series(1, 7000) n;
            UPDATE transaction SET reason = 'declined' WHERE status = 'deny';

            ANALYZE
            """;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws SQLException {
        var servers = new TestServers();
        gateway = RunningGateway.start(servers);
        try (var connection = servers.connect();
                var statement = connection.createStatement()) {
            statement.execute(MANY);
        }
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({"quiet, 0", "busy, 1", "denied, 0", "returned, 0"})
    void readsAHandfulOfRows(String user, int ended) {
        assertThat(rowsRead(user, ended)).isLessThan(80);
    }

    /** Who is never reached can be asked as often as one likes: then the bound is what holds. */
    @Test
    void readsABoundedNumberOfLoginsThatDoNotCount() {
        assertThat(rowsRead("unreachable", 0)).isLessThan(5_000);
    }

    private static long rowsRead(String user, int ended) {
        var read =
                RowsRead.by(
                        gateway.part(LoginHistory.class)
                                .of(user)
                                .doOnNext(history -> assertThat(history.ended()).hasSize(ended)),
                        gateway.part(DatabaseClient.class),
                        gateway.part(TransactionalOperator.class));
        assertThat(read.values())
                .as("read %s", read)
                .allSatisfy(table -> assertThat(table.sequentialScans()).isZero());
        return read.values().stream().mapToLong(RowsRead::byIndex).sum();
    }
}
