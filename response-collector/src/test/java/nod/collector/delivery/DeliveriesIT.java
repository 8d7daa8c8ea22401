package nod.collector.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import nod.collector.delivery.Deliveries.Note;
import nod.messaging.testing.Apart;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import reactor.core.publisher.Mono;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** Who may try, and whose word counts; for endpoints that nobody but the test looks after. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Apart
class DeliveriesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Failure REFUSED = new Failure(500, false);

    private final DeliveryFixture fixture = new DeliveryFixture();
    private final Deliveries deliveries = fixture.start(List.of()).getBean(Deliveries.class);
    private String endpoint = "";

    @BeforeEach
    void anotherEndpoint() {
        endpoint = "e-" + UUID.randomUUID().toString().substring(0, 8);
    }

    @AfterAll
    void stop() {
        fixture.close();
    }

    @Test
    void notesAnEventOnce() throws SQLException {
        var note = note();

        await(deliveries.note(List.of(note)));

        assertThat(await(deliveries.claim(endpoint, LEASE))).isNotNull();
        assertThat(await(deliveries.claim(endpoint, LEASE))).isNull();
    }

    /** The other instance holds the row, and has not committed. */
    @Test
    void passesOverWhatAnotherInstanceIsTaking() throws SQLException {
        var held = note();
        var free = note();
        try (var other = fixture.connect();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(
                    "SELECT FROM webhook_delivery WHERE event = '%s' FOR UPDATE"
                            .formatted(held.outcome().id()));

            assertThat(claimed().event()).isEqualTo(free.outcome().id());
            assertThat(await(deliveries.claim(endpoint, LEASE))).isNull();
            other.rollback();
        }
        assertThat(claimed().event()).isEqualTo(held.outcome().id());
    }

    @Test
    void takesAgainWhatSomebodyHeldTooLong() throws SQLException {
        note();
        var slow = claimed();
        fixture.makeDue(endpoint);
        var second = claimed();
        assertThat(second.number()).isEqualTo(2);

        assertThat(await(deliveries.failed(endpoint, slow, REFUSED, LEASE))).isFalse();

        fixture.awaitColumn("status IS NULL", endpoint, slow.event(), true);
        await(deliveries.failed(endpoint, second, new Failure(503, false), LEASE));
        fixture.awaitColumn("status", endpoint, slow.event(), 503);
    }

    /** It was delivered, whoever holds the lease: the other's failure no longer matters. */
    @Test
    void believesWhoeverDelivered() throws SQLException {
        note();
        var slow = claimed();
        fixture.makeDue(endpoint);
        var second = claimed();

        await(deliveries.delivered(endpoint, slow, 200));
        await(deliveries.failed(endpoint, second, REFUSED, LEASE));

        fixture.awaitColumn("state", endpoint, slow.event(), "delivered");
        fixture.awaitColumn("status", endpoint, slow.event(), 200);
        fixture.makeDue(endpoint);
        assertThat(await(deliveries.claim(endpoint, LEASE))).isNull();
    }

    /** Whoever died in the try has written nothing: what the row says was written before. */
    @Test
    void doubtsWhatNobodyHasWrittenTheEndOf() throws SQLException {
        note();
        assertThat(claimed().doubtful()).isFalse();
        fixture.makeDue(endpoint);

        assertThat(claimed().doubtful()).isTrue();
    }

    @Test
    void doubtsAsLongAsATryDoesAndNoLonger() throws SQLException {
        note();
        await(deliveries.failed(endpoint, claimed(), new Failure("silence", true), Duration.ZERO));
        var second = claimed();
        assertThat(second.doubtful()).isTrue();
        await(deliveries.failed(endpoint, second, REFUSED, Duration.ZERO));

        assertThat(claimed().doubtful()).isFalse();
    }

    private Note note() throws SQLException {
        var outcome = fixture.outcome(TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
        var note = new Note(endpoint, outcome, "{}", Duration.ofDays(3));
        await(deliveries.note(List.of(note)));
        return note;
    }

    private Attempt claimed() {
        return Objects.requireNonNull(await(deliveries.claim(endpoint, LEASE)));
    }

    private static <T> @Nullable T await(Mono<T> work) {
        return work.block(PATIENCE);
    }
}
