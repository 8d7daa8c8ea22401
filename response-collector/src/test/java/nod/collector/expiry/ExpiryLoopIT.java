package nod.collector.expiry;

import static org.assertj.core.api.Assertions.assertThat;

import nod.collector.CollectorFixture;
import nod.schemas.event.TransactionStatus;

import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.util.UUID;

class ExpiryLoopIT {

    @Test
    void closesByItselfWhatNobodyAnswered() throws SQLException {
        try (var collector = CollectorFixture.sweeping()) {
            var txId = collector.rows().overdue(UUID.randomUUID());

            assertThat(collector.auditor().await(txId.toString()).event().status())
                    .isEqualTo(TransactionStatus.EXPIRED);
        }
    }
}
