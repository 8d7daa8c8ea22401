package nod.collector.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import nod.collector.CollectorFixture;
import nod.schemas.event.ItemMode;
import nod.schemas.event.TransactionStatus;

import org.junit.jupiter.api.Test;

import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

class RecoveryLoopIT {

    @Test
    void decidesByItselfAClaimWhoseEventDidNotCome() throws SQLException {
        var phone = UUID.randomUUID();
        try (var collector = CollectorFixture.sweeping()) {
            var txId = collector.rows().open(ItemMode.ACCEPT_DENY, "accept", phone);
            collector.rows().answer(txId, phone, "accept");
            collector.rows().claimedAgo(txId, Duration.ofSeconds(31));

            assertThat(collector.auditor().await(txId.toString()).event().status())
                    .isEqualTo(TransactionStatus.ACCEPT);
        }
    }
}
