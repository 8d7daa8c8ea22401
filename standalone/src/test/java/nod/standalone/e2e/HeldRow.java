package nod.standalone.e2e;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

/**
 * A row that a test holds locked, so that whoever wants it queues up in an order of the test's
 * choice: PostgreSQL hands a row's lock on to the one that has waited longest.
 */
final class HeldRow implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Connection holder;
    private final Connection observer;
    private final int holderPid;

    private HeldRow(RunningSystem system, String lock, Object key) throws SQLException {
        holder = system.database();
        observer = system.database();
        holder.setAutoCommit(false);
        try (var statement = holder.prepareStatement(lock)) {
            statement.setObject(1, key);
            try (var locked = statement.executeQuery()) {
                if (!locked.next()) {
                    throw new AssertionError("there is no row of " + key);
                }
            }
        }
        try (var statement = holder.prepareStatement("SELECT pg_backend_pid()");
                var result = statement.executeQuery()) {
            result.next();
            holderPid = result.getInt(1);
        }
    }

    static HeldRow transaction(RunningSystem system, UUID txId) throws SQLException {
        return new HeldRow(system, "SELECT 1 FROM transaction WHERE tx_id = ? FOR UPDATE", txId);
    }

    /**
     * The row is there beforehand, for it may have been pruned since the last start: those who wait
     * for one that is being written wait for its transaction, and wake in any order.
     */
    static HeldRow user(RunningSystem system, String user) throws SQLException {
        try (var connection = system.database();
                var statement =
                        connection.prepareStatement(
                                "INSERT INTO user_limit (user_id) VALUES (?)"
                                        + " ON CONFLICT DO NOTHING")) {
            statement.setString(1, user);
            statement.execute();
        }
        return new HeldRow(system, "SELECT 1 FROM user_limit WHERE user_id = ? FOR UPDATE", user);
    }

    /** Returns when that many statements wait for the row, each behind the one before. */
    HeldRow awaitWaiting(int count) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> waiting() >= count);
        return this;
    }

    /** Those that wait for the holder, directly or behind another one that does. */
    private int waiting() throws SQLException {
        var sql =
                """
                WITH RECURSIVE blocked (pid) AS (
                    SELECT pid FROM pg_stat_activity WHERE ? = ANY(pg_blocking_pids(pid))
                    UNION
                    SELECT a.pid FROM pg_stat_activity a, blocked b
                    WHERE b.pid = ANY(pg_blocking_pids(a.pid)))
                SELECT count(*) FROM blocked
                """;
        try (var statement = observer.prepareStatement(sql)) {
            statement.setInt(1, holderPid);
            try (var result = statement.executeQuery()) {
                result.next();
                return result.getInt(1);
            }
        }
    }

    /** The database's clock has passed this transaction's end. */
    void awaitExpiry(UUID txId) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> {
                            try (var statement =
                                    observer.prepareStatement(
                                            "SELECT expires <= clock_timestamp() FROM transaction"
                                                    + " WHERE tx_id = ?")) {
                                statement.setObject(1, txId);
                                try (var result = statement.executeQuery()) {
                                    return result.next() && result.getBoolean(1);
                                }
                            }
                        });
    }

    void release() throws SQLException {
        holder.rollback();
    }

    @Override
    public void close() throws SQLException {
        holder.close();
        observer.close();
    }
}
