package nod.dispatcher.fcm;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void readsSeconds() {
        assertThat(RetryAfter.of(" 30 ", NOW)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void readsADate() {
        assertThat(RetryAfter.of("Sun, 01 Mar 2026 12:02:00 GMT", NOW))
                .isEqualTo(Duration.ofMinutes(2));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "0",
                "-5",
                "soon",
                "1.5",
                "99999999999",
                "Sun, 01 Mar 2026 11:59:59 GMT"
            })
    void ignoresWhatSaysNothing(@Nullable String header) {
        assertThat(RetryAfter.of(header, NOW)).isNull();
    }
}
