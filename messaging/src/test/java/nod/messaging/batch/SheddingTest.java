package nod.messaging.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

class SheddingTest {

    private static final Duration PASSING = Duration.ofNanos(20);
    private static final Duration WAIT = Duration.ofNanos(5);

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000, Long.MAX_VALUE - 10, Long.MIN_VALUE + 10})
    void letsACrowdWaitThatPasses(long begun) {
        var shedding = new Shedding(PASSING, WAIT, begun);

        assertThat(shedding.turnsAway(begun, begun + 20)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000, Long.MAX_VALUE - 10, Long.MIN_VALUE + 10})
    void keepsAQueueShortThatDoesNotPass(long begun) {
        var shedding = new Shedding(PASSING, WAIT, begun);

        assertThat(shedding.turnsAway(begun + 16, begun + 21)).isFalse();
        assertThat(shedding.turnsAway(begun + 15, begun + 21)).isTrue();
    }

    @Test
    void letsTheNextCrowdWaitOnceNobodyDoes() {
        var shedding = new Shedding(PASSING, WAIT, 0);
        shedding.empty(30);

        assertThat(shedding.turnsAway(30, 50)).isFalse();
        assertThat(shedding.turnsAway(30, 51)).isTrue();
    }

    @Test
    void turnsNobodyAwayWhereThatIsNotWanted() {
        var shedding = Shedding.nobody();
        long now = System.nanoTime() + Duration.ofDays(1).toNanos();

        assertThat(shedding.turnsAway(now - Duration.ofHours(1).toNanos(), now)).isFalse();
    }
}
