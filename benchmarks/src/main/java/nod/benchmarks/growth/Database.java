package nod.benchmarks.growth;

import nod.benchmarks.rig.Rig;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** What a benchmark writes and reads behind the services' back, as the owner of the tables. */
public final class Database implements AutoCloseable {

    private final Connection connection;

    private Database(Connection connection) {
        this.connection = connection;
    }

    /** Of the system that runs. */
    public static Database of(Rig rig) {
        try {
            return new Database(rig.database());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Runs a statement with these values in the place of its question marks.
     *
     * @return how many rows it wrote
     */
    public long write(String sql, Object... values) {
        try (var statement = prepared(sql, values)) {
            return statement.executeLargeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Refreshes what the planner knows, as autovacuum does sooner or later. */
    public void analyze() {
        write("VACUUM ANALYZE");
    }

    /** The one number that a query finds. */
    public long number(String sql, Object... values) {
        try (var statement = prepared(sql, values);
                var rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** When each decided transaction was decided. */
    public Map<UUID, Instant> decisions() {
        try (var statement =
                        prepared(
                                "SELECT tx_id, decided FROM transaction WHERE decided IS NOT NULL");
                var rows = statement.executeQuery()) {
            var decisions = new HashMap<UUID, Instant>();
            while (rows.next()) {
                decisions.put(rows.getObject(1, UUID.class), rows.getTimestamp(2).toInstant());
            }
            return decisions;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private PreparedStatement prepared(String sql, Object... values) throws SQLException {
        var statement = connection.prepareStatement(sql);
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
