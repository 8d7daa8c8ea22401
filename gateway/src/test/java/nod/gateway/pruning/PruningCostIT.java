package nod.gateway.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.Rows;
import nod.gateway.RunningGateway;
import nod.messaging.testing.RowsRead;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;

import java.sql.SQLException;
import java.util.Map;

/**
 * What pruning reads of tables with a hundred thousand rows that stay and some thousands that go.
 */
class PruningCostIT {

    private static final int BATCH = 100;

    /**
     * A device that is confirmed or not, with its tokens; keys; users who are idle or locked;
     * proofs.
     */
    private static final String MANY =
            """
            INSERT INTO device (pk, user_id, name, confirmed, created)
            SELECT gen_random_uuid(), 'user-' || n, 'phone', n > 3000, now() - interval '9 days'
            FROM generate_series(1, 100000) n;

            INSERT INTO device_token (id, device, kind, hash, expires)
            SELECT gen_random_uuid(), pk, 'enrollment', sha256(pk::text::bytea), created
            FROM device WHERE NOT confirmed;

            INSERT INTO device_token (id, device, kind, hash)
            SELECT gen_random_uuid(), pk, 'device', sha256(pk::text::bytea)
            FROM device WHERE confirmed;

            INSERT INTO idempotency (credential, key, request, tx_id, expires)
            SELECT 'key', n::text, '', gen_random_uuid(),
                now() + interval '1 minute' - CASE WHEN n <= 3000 THEN interval '9 days' ELSE '0' END
            FROM generate_series(1, 100000) n;

            INSERT INTO user_limit (user_id, reason, since, until)
            SELECT 'user-' || n, CASE WHEN n > 3000 THEN 'declined' END,
                CASE WHEN n > 3000 THEN now() END,
                CASE WHEN n > 3000 THEN now() - CASE WHEN n <= 6000 THEN interval '9 days' ELSE '0' END END
            FROM generate_series(1, 100000) n;

            INSERT INTO dpop_jti (hash, expires)
            SELECT sha256(n::text::bytea),
                now() + CASE WHEN n <= 3000 THEN interval '-9 days' ELSE interval '2 minutes' END
            FROM generate_series(1, 100000) n;

            INSERT INTO transaction (tx_id, user_id, devices, mode, item, items, title, body, context,
                expires, status, decided)
            SELECT gen_random_uuid(), 'user-' || n, '{}', 'accept_deny', 'accept', '{}', '', '', '{}',
                now(), CASE WHEN n % 1000 = 0 THEN 'wait' ELSE 'expired' END,
                CASE WHEN n % 1000 = 0 THEN NULL ELSE now() END
            FROM generate_series(1, 100000) n;

            ANALYZE
            """;

    private static RunningGateway gateway;

    @BeforeAll
    static void start() throws SQLException {
        var servers = new TestServers();
        gateway = RunningGateway.start(servers, Map.of("nod.gateway.pruning.interval", "1d"));
        new Rows(servers).execute(MANY);
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"device", "device_token", "idempotency", "user_limit", "dpop_jti"})
    void readsHardlyMoreThanItDeletes(String table) {
        var read =
                RowsRead.by(
                        gateway.prunable(table)
                                .prune(BATCH)
                                .doOnNext(pruned -> assertThat(pruned).isEqualTo(BATCH)),
                        gateway.part(DatabaseClient.class),
                        gateway.part(TransactionalOperator.class));

        assertThat(read).isNotEmpty();
        assertThat(read.values())
                .as("read %s", read)
                .allSatisfy(
                        ofTable -> {
                            assertThat(ofTable.sequentialScans()).isZero();
                            assertThat(ofTable.byIndex()).isLessThan(5 * BATCH);
                        });
    }
}
