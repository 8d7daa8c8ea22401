package nod.collector.pruning;

import static org.assertj.core.api.Assertions.assertThat;

import nod.collector.CollectorFixture;
import nod.messaging.testing.RowsRead;

import org.junit.jupiter.api.Test;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;

import java.sql.SQLException;

class PruningCostIT {

    private static final int BATCH = 100;

    /** A hundred thousand logins with two deliveries each, of which three thousand are old. */
    private static final String MANY =
            """
            INSERT INTO transaction (tx_id, user_id, devices, mode, item, items, title, body, context,
                expires, status, decided)
            SELECT gen_random_uuid(), 'user-' || n, '{}', 'accept_deny', 'accept', '{}', '', '', '{}',
                now(), 'expired',
                now() - CASE WHEN n <= 3000 THEN interval '9 days' ELSE '1 hour' END
            FROM generate_series(1, 100000) n;

            INSERT INTO delivery (tx_id, device, state)
            SELECT tx_id, gen_random_uuid(), 'accepted' FROM transaction, generate_series(1, 2);

            ANALYZE
            """;

    @Test
    void readsNoMoreThanItDeletes() throws SQLException {
        try (var collector = CollectorFixture.pruningOnDemand()) {
            try (var connection = collector.rows().connect();
                    var statement = connection.createStatement()) {
                statement.execute(MANY);
            }

            var read =
                    RowsRead.by(
                            collector
                                    .part(DecidedTransactions.class)
                                    .prune(BATCH)
                                    .doOnNext(pruned -> assertThat(pruned).isEqualTo(BATCH)),
                            collector.part(DatabaseClient.class),
                            collector.part(TransactionalOperator.class));

            assertThat(read).containsOnlyKeys("transaction", "delivery");
            assertThat(read.values())
                    .as("read %s", read)
                    .allSatisfy(
                            ofTable -> {
                                assertThat(ofTable.sequentialScans()).isZero();
                                assertThat(ofTable.byIndex()).isLessThan(3 * BATCH);
                            });
        }
    }
}
