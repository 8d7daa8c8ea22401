package nod.collector.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;

class BackOffTest {

    private static final Duration LONGEST = Duration.ofHours(4);

    @ParameterizedTest
    @CsvSource({"1,5", "2,10", "3,20", "11,5120", "12,10240", "13,14400", "14,14400", "9999,14400"})
    void doublesUpToTheLongest(int tries, long seconds) {
        assertThat(BackOff.after(tries, LONGEST, 1)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void isSpreadOverItsUpperHalf() {
        assertThat(BackOff.after(1, LONGEST, 0)).isEqualTo(Duration.ofMillis(2_500));
        assertThat(BackOff.after(1, LONGEST, 0.5)).isEqualTo(Duration.ofMillis(3_750));
    }

    @Test
    void triesSomeThirtyTimesInThreeDays() {
        var passed = Duration.ZERO;
        var tries = 1;
        while (passed.compareTo(Duration.ofDays(3)) < 0) {
            passed = passed.plus(BackOff.after(tries, LONGEST, 0.5));
            tries++;
        }
        assertThat(tries).isBetween(25, 40);
    }
}
