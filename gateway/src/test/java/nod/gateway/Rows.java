package nod.gateway;

import nod.messaging.testing.TestServers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;

/** The gateway's rows: aged, looked at and held from outside. */
public record Rows(TestServers servers) {

    /** Runs a statement whose only parameter is that key; how many rows it changed. */
    public int execute(String sql, Object key) throws SQLException {
        try (var connection = servers.connect();
                var statement = connection.prepareStatement(sql)) {
            statement.setObject(1, key);
            return statement.executeUpdate();
        }
    }

    /** Runs statements without parameters. */
    public void execute(String sql) throws SQLException {
        try (var connection = servers.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Holds the user's row, until the connection is closed. */
    public Connection holdUser(String user) throws SQLException {
        return hold("SELECT 1 FROM user_limit WHERE user_id = ? FOR UPDATE", user);
    }

    /** How many logins of the user nobody has closed. */
    public int open(String user) throws SQLException {
        return keys(
                        "SELECT 1 FROM transaction WHERE claim IS NULL AND status = 'wait'"
                                + " AND user_id = ?",
                        user)
                .length;
    }

    /** How many rows of the table have that key. */
    public int count(String table, String column, Object key) throws SQLException {
        try (var connection = servers.connect();
                var select =
                        connection.prepareStatement(
                                "SELECT count(*) FROM %s WHERE %s = ?".formatted(table, column))) {
            select.setObject(1, key);
            try (var row = select.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /** What a query of these keys gives in its only column. */
    public Object[] keys(String sql, Object... asked) throws SQLException {
        try (var connection = servers.connect();
                var statement = connection.prepareStatement(sql)) {
            set(statement, asked);
            try (var result = statement.executeQuery()) {
                var keys = new ArrayList<Object>();
                while (result.next()) {
                    keys.add(result.getObject(1));
                }
                return keys.toArray();
            }
        }
    }

    private static void set(PreparedStatement statement, Object... keys) throws SQLException {
        for (int i = 0; i < keys.length; i++) {
            statement.setObject(i + 1, keys[i]);
        }
    }

    /** How many rows of the table somebody holds. */
    public int locked(String table) throws SQLException {
        return count(table) - keys("SELECT 1 FROM " + table + " FOR UPDATE SKIP LOCKED").length;
    }

    private int count(String table) throws SQLException {
        return keys("SELECT 1 FROM " + table).length;
    }

    /**
     * Runs a statement with these keys, in a transaction that ends when the connection is closed.
     */
    public Connection hold(String sql, Object... keys) throws SQLException {
        var connection = servers.connect();
        connection.setAutoCommit(false);
        try (var statement = connection.prepareStatement(sql)) {
            set(statement, keys);
            statement.execute();
        }
        return connection;
    }

    /** How many sessions of this database wait for a lock that somebody holds. */
    public int waitingForLocks() throws SQLException {
        try (var connection = servers.connect();
                var select =
                        connection.prepareStatement(
                                "SELECT count(*) FROM pg_stat_activity WHERE datname ="
                                        + " current_database() AND wait_event_type = 'Lock'");
                var row = select.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }
}
