package nod.benchmarks.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

class ArrivalsTest {

    private static final long MILLI = 1_000_000;

    private final AtomicLong now = new AtomicLong(5_000 * MILLI);
    private final Arrivals hundredASecond = new Arrivals(100, now::get);

    @Test
    void givesEachItsPlaceInTheSchedule() {
        assertThat(arriveAfter(0)).isEqualTo(5_000 * MILLI);
        assertThat(arriveAfter(10)).isEqualTo(5_010 * MILLI);
        assertThat(arriveAfter(10)).isEqualTo(5_020 * MILLI);
    }

    @Test
    void countsTheTimeInWhichTheGeneratorStoodStill() {
        arriveAfter(0);
        assertThat(arriveAfter(1_000)).isEqualTo(5_010 * MILLI);
        assertThat(arriveAfter(0)).isEqualTo(5_020 * MILLI);
    }

    @Test
    void learnsTheStartFromTheMostPunctual() {
        arriveAfter(500);
        assertThat(arriveAfter(5)).as("5 ms early by the first one").isEqualTo(5_505 * MILLI);
        assertThat(arriveAfter(100)).isEqualTo(5_515 * MILLI);
    }

    private long arriveAfter(long millis) {
        now.addAndGet(millis * MILLI);
        return hundredASecond.next();
    }
}
