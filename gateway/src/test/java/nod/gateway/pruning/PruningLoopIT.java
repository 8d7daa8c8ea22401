package nod.gateway.pruning;

import static org.awaitility.Awaitility.await;

import nod.gateway.Rows;
import nod.gateway.RunningGateway;
import nod.messaging.testing.TestServers;

import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

class PruningLoopIT {

    @Test
    void prunesByItself() throws SQLException {
        var servers = new TestServers();
        try (var _ =
                RunningGateway.start(servers, Map.of("nod.gateway.pruning.interval", "100ms"))) {
            var rows = new Rows(servers);
            rows.execute("INSERT INTO user_limit (user_id) VALUES (?)", "idle");

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> rows.count("user_limit", "user_id", "idle") == 0);
        }
    }
}
