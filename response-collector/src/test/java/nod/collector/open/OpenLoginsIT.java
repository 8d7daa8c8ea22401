package nod.collector.open;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;

import nod.collector.CollectorFixture;
import nod.schemas.event.ItemMode;

import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

class OpenLoginsIT {

    private final UUID phone = UUID.randomUUID();

    @Test
    void countsWhatIsOpenAndSeesWhatNobodyDecides() throws SQLException {
        try (var collector = CollectorFixture.sweepingOnDemand(10)) {
            var metrics = collector.part(MeterRegistry.class);
            collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
            var answered = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
            collector.rows().answer(answered, phone, "accept");

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(
                            () -> {
                                assertThat(metrics.get(OpenLogins.OPEN).gauge().value())
                                        .isEqualTo(1);
                                assertThat(metrics.get(OpenLogins.UNDECIDED).gauge().value())
                                        .isPositive();
                            });
        }
    }
}
