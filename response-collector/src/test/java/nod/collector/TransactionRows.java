package nod.collector;

import nod.messaging.event.Traceparent;
import nod.messaging.testing.TestServers;
import nod.schemas.event.ItemMode;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

/** The gateway's rows, written as the gateway writes them. */
public final class TransactionRows {

    private static final String CLAIM =
            """
            UPDATE transaction
            SET claim = ?, claimed_by = ?, claimed_item = ?, claimed_at = now()
            WHERE tx_id = ? AND status = 'wait' AND claim IS NULL
            """;

    private final TestServers servers;

    TransactionRows(TestServers servers) {
        this.servers = servers;
    }

    /** A row's decision. */
    public record State(String status, @Nullable String reason, @Nullable UUID answeredBy) {}

    /** A connection to hold locks with. */
    public Connection connect() throws SQLException {
        return servers.connect();
    }

    /** A transaction that may be answered for another minute. */
    public UUID open(ItemMode mode, String right, UUID... devices) throws SQLException {
        return insert(mode, right, Duration.ofMinutes(1), devices);
    }

    /** A transaction whose time was up a second ago. */
    public UUID overdue(UUID... devices) throws SQLException {
        return insert(ItemMode.ACCEPT_DENY, "accept", Duration.ofSeconds(-1), devices);
    }

    /** A transaction that was decided so long ago, with a delivery to each device. */
    public UUID decided(Duration ago, UUID... devices) throws SQLException {
        var txId = insert(ItemMode.ACCEPT_DENY, "accept", ago.negated(), devices);
        for (var device : devices) {
            delivered(txId, device, "accepted");
        }
        execute(
                """
                UPDATE transaction
                SET created = expires - interval '1 minute', decided = expires, status = 'expired'
                WHERE tx_id = ?
                """,
                txId);
        return txId;
    }

    /** A transaction that nobody has decided for so long. */
    public UUID undecided(Duration age, UUID... devices) throws SQLException {
        return insert(ItemMode.ACCEPT_DENY, "accept", age.negated(), devices);
    }

    private UUID insert(ItemMode mode, String right, Duration left, UUID... devices)
            throws SQLException {
        var txId = UUID.randomUUID();
        try (var connection = connect();
                var insert =
                        connection.prepareStatement(
                                """
                                INSERT INTO transaction (tx_id, user_id, devices, mode, item, items,
                                    title, body, context, expires)
                                VALUES (?, 'ann', ?, ?, ?, '{}', 'Sign in', 'Was it you?', '{}',
                                    now() + ? * interval '1 second')
                                """)) {
            insert.setObject(1, txId);
            insert.setArray(2, connection.createArrayOf("uuid", devices));
            insert.setString(3, mode.text());
            insert.setString(4, right);
            insert.setLong(5, left.toSeconds());
            insert.executeUpdate();
        }
        return txId;
    }

    /** A device's answer claims the row; how many rows it did. */
    public int answer(UUID txId, UUID device, String item) throws SQLException {
        try (var connection = connect()) {
            return answer(connection, txId, device, item);
        }
    }

    /** The same on a connection whose transaction the caller ends. */
    public int answer(Connection connection, UUID txId, UUID device, String item)
            throws SQLException {
        return claim(connection, txId, "answer", device, item);
    }

    /** A withdrawal claims the row. */
    public int withdraw(UUID txId, String claim) throws SQLException {
        try (var connection = connect()) {
            return claim(connection, txId, claim, null, null);
        }
    }

    /** The claim of the row is that old. */
    public void claimedAgo(UUID txId, Duration age) throws SQLException {
        try (var connection = connect();
                var update =
                        connection.prepareStatement(
                                "UPDATE transaction SET claimed_at = now() - ? * interval '1 ms'"
                                        + " WHERE tx_id = ?")) {
            update.setLong(1, age.toMillis());
            update.setObject(2, txId);
            update.executeUpdate();
        }
    }

    private static int claim(
            Connection connection,
            UUID txId,
            String claim,
            @Nullable UUID device,
            @Nullable String item)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(CLAIM)) {
            update.setString(1, claim);
            update.setObject(2, device);
            update.setString(3, item);
            update.setObject(4, txId);
            return update.executeUpdate();
        }
    }

    /** A report of how a device was reached was filed. */
    public void delivered(UUID txId, UUID device, String state) throws SQLException {
        try (var connection = connect();
                var insert =
                        connection.prepareStatement(
                                "INSERT INTO delivery (tx_id, device, state) VALUES (?, ?, ?)")) {
            insert.setObject(1, txId);
            insert.setObject(2, device);
            insert.setString(3, state);
            insert.executeUpdate();
        }
    }

    /** Whether the row is there. */
    public boolean exists(UUID txId) throws SQLException {
        return count("transaction", txId) == 1;
    }

    /** How many rows of this transaction the table has. */
    public int count(String table, UUID txId) throws SQLException {
        try (var connection = connect();
                var select =
                        connection.prepareStatement(
                                "SELECT count(*) FROM " + table + " WHERE tx_id = ?")) {
            select.setObject(1, txId);
            try (var row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** Runs a statement about a transaction in one that ends when the connection is closed. */
    public Connection hold(String sql, UUID txId) throws SQLException {
        var connection = connect();
        connection.setAutoCommit(false);
        try (var statement = connection.prepareStatement(sql)) {
            statement.setObject(1, txId);
            statement.execute();
        }
        return connection;
    }

    /** The trace of its start, as the gateway writes it. */
    public Traceparent startedUnder(UUID txId) throws SQLException {
        var trace = Traceparent.start();
        execute(
                "UPDATE transaction SET traceparent = '%s' WHERE tx_id = ?"
                        .formatted(trace.value()),
                txId);
        return trace;
    }

    private void execute(String sql, UUID txId) throws SQLException {
        try (var connection = connect();
                var statement = connection.prepareStatement(sql)) {
            statement.setObject(1, txId);
            statement.executeUpdate();
        }
    }

    /** What was decided. */
    public State state(UUID txId) throws SQLException {
        try (var connection = connect();
                var select =
                        connection.prepareStatement(
                                "SELECT status, reason, answered_by FROM transaction"
                                        + " WHERE tx_id = ?")) {
            select.setObject(1, txId);
            try (var row = select.executeQuery()) {
                row.next();
                return new State(row.getString(1), row.getString(2), row.getObject(3, UUID.class));
            }
        }
    }

    /**
     * How many sessions of this database are about to tell a decision and wait for the outbox. Its
     * own sweep, which may wait for it at any time, does not count.
     */
    public int waitingToTell() throws SQLException {
        return waiting("wait_event = 'relation' AND query ~* 'told AS \\(\\s*INSERT INTO outbox'");
    }

    /** How many sessions of this database wait for a row that somebody holds. */
    public int waitingForRows() throws SQLException {
        return waiting("wait_event IN ('transactionid', 'tuple')");
    }

    private int waiting(String what) throws SQLException {
        try (var connection = connect();
                var select =
                        connection.prepareStatement(
                                "SELECT count(*) FROM pg_stat_activity WHERE datname ="
                                        + " current_database() AND wait_event_type = 'Lock' AND "
                                        + what);
                var row = select.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }
}
