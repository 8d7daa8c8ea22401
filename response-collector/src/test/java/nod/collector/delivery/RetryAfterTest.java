package nod.collector.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void readsSeconds() {
        assertThat(RetryAfter.of(" 120 ", null, NOW)).contains(Duration.ofMinutes(2));
    }

    @Test
    void countsADateFromTheAnswersOwnDate() {
        assertThat(
                        RetryAfter.of(
                                "Sun, 01 Mar 2026 13:00:00 GMT",
                                "Sun, 01 Mar 2026 12:59:00 GMT",
                                NOW))
                .contains(Duration.ofMinutes(1));
    }

    @Test
    void countsADateFromOurTimeWhereTheAnswerHasNone() {
        assertThat(RetryAfter.of("Sun, 01 Mar 2026 13:00:00 GMT", null, NOW))
                .contains(Duration.ofHours(1));
    }

    @Test
    void waitsNoLongerThanADay() {
        assertThat(RetryAfter.of("999999999", null, NOW)).contains(Duration.ofDays(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0", "-5", "soon", "99999999999999", "Sun, 01 Mar 2026 11:00:00 GMT"})
    void passesOverWhatSaysNothing(String header) {
        assertThat(RetryAfter.of(header, null, NOW)).isEmpty();
    }

    @Test
    void passesOverAMissingHeader() {
        assertThat(RetryAfter.of(null, null, NOW)).isEmpty();
    }
}
