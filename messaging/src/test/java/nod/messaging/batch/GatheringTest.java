package nod.messaging.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

class GatheringTest {

    private static final Duration CLOSE = Duration.ofNanos(8);
    private static final Duration WAIT = Duration.ofNanos(3);

    /** A clock that counts nanoseconds may overflow. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1_000, Long.MAX_VALUE - 4, Long.MIN_VALUE + 4})
    void waitsForOthersOnlyWhereTheLastBeginningIsClose(long begun) {
        var gathering = new Gathering(CLOSE, WAIT, begun - 100);
        gathering.begun(begun);

        assertThat(gathering.due(begun)).isEqualTo(begun + 3);
        assertThat(gathering.due(begun + 7)).isEqualTo(begun + 10);
        assertThat(gathering.due(begun + 8)).isEqualTo(begun + 8);
        assertThat(gathering.due(begun + 5_000)).isEqualTo(begun + 5_000);
    }

    @Test
    void doesNotLetTheFirstWait() {
        assertThat(new Gathering(CLOSE, WAIT, 50).due(50)).isEqualTo(50);
    }

    @Test
    void letsNobodyWaitWhereNothingIsClose() {
        var gathering = Gathering.nothing();
        gathering.begun(60);

        assertThat(gathering.due(60)).isEqualTo(60);
    }
}
