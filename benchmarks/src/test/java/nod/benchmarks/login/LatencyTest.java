package nod.benchmarks.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatencyTest {

    private static final long MILLI = 1_000_000;

    private final Latency latency = new Latency();

    @Test
    void tellsPercentilesInMilliseconds() {
        for (int i = 1; i <= 100; i++) {
            latency.record(0, i * MILLI);
        }
        assertThat(latency.count()).isEqualTo(100);
        assertThat(latency.percentile(50)).isCloseTo(50, within(0.1));
        assertThat(latency.percentile(99)).isCloseTo(99, within(0.1));
        assertThat(latency.longest()).isCloseTo(100, within(0.1));
    }

    @Test
    void takesWhatComesBeforeItsTimeForPunctual() {
        latency.record(MILLI, 0);
        assertThat(latency.longest()).isZero();
    }
}
