package nod.collector.pruning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;

import nod.collector.CollectorFixture;

import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

class PruningLoopIT {

    @Test
    void prunesByItselfAndCountsIt() throws SQLException {
        try (var collector = CollectorFixture.pruning()) {
            var old = collector.rows().decided(Duration.ofDays(31), UUID.randomUUID());
            var young = collector.rows().decided(Duration.ofDays(29), UUID.randomUUID());
            var pruned =
                    collector
                            .part(MeterRegistry.class)
                            .counter("nod.pruned.rows", "table", "transaction");

            await().atMost(Duration.ofSeconds(20)).until(() -> pruned.count() == 1);

            assertThat(collector.rows().exists(old)).isFalse();
            assertThat(collector.rows().exists(young)).isTrue();
        }
    }
}
