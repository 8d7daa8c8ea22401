package nod.gateway.pruning;

import nod.messaging.testing.TestServers;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;

/** The gateway's rows: aged, looked at and held from outside. */
record Rows(TestServers servers) {

    /** Runs a statement whose only parameter is that key; how many rows it changed. */
    int execute(String sql, Object key) throws SQLException {
        try (var connection = servers.connect();
                var statement = connection.prepareStatement(sql)) {
            statement.setObject(1, key);
            return statement.executeUpdate();
        }
    }

    /** Runs statements without parameters. */
    void execute(String sql) throws SQLException {
        try (var connection = servers.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** How many rows of the table have that key. */
    int count(String table, String column, Object key) throws SQLException {
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

    /** What a query gives in its only column. */
    Object[] keys(String sql) throws SQLException {
        try (var connection = servers.connect();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            var keys = new ArrayList<Object>();
            while (result.next()) {
                keys.add(result.getObject(1));
            }
            return keys.toArray();
        }
    }

    /** How many rows of the table somebody holds. */
    int locked(String table) throws SQLException {
        return count(table) - keys("SELECT 1 FROM " + table + " FOR UPDATE SKIP LOCKED").length;
    }

    private int count(String table) throws SQLException {
        return keys("SELECT 1 FROM " + table).length;
    }

    /** Runs a statement in a transaction that ends when the connection is closed. */
    Connection hold(String sql, Object key) throws SQLException {
        var connection = servers.connect();
        connection.setAutoCommit(false);
        try (var statement = connection.prepareStatement(sql)) {
            statement.setObject(1, key);
            statement.execute();
        }
        return connection;
    }

    /** How many sessions of this database wait for a lock that somebody holds. */
    int waitingForLocks() throws SQLException {
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
