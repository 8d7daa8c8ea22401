package nod.standalone.faults;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

import java.sql.SQLException;
import java.time.Duration;

/** The end of everything that is under way: every transaction decided, every event published. */
final class Rest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration LITTLE = Duration.ofSeconds(10);

    private final Cluster cluster;

    Rest(Cluster cluster) {
        this.cluster = cluster;
    }

    void await() {
        await(PATIENCE);
    }

    /** For a system that is broken and may never come to rest. */
    void awaitAsFarAsItComes() {
        try {
            await(LITTLE);
        } catch (ConditionTimeoutException neverMind) {
            // The checker will say what is wrong.
        }
    }

    private void await(Duration patience) {
        Awaitility.await("every transaction is decided and the outbox is empty")
                .atMost(patience)
                .pollInterval(Duration.ofMillis(300))
                .ignoreException(SQLException.class)
                .until(
                        () ->
                                count("SELECT count(*) FROM transaction WHERE status = 'wait'")
                                                + count("SELECT count(*) FROM outbox")
                                        == 0);
    }

    private long count(String query) throws SQLException {
        try (var connection = cluster.database();
                var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        }
    }
}
