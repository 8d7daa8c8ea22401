package nod.dispatcher.fcm;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/** The header of that name: seconds, or a date as HTTP writes it. */
final class RetryAfter {

    private RetryAfter() {}

    /** How long to wait; null where the header is absent, malformed or in the past. */
    static @Nullable Duration of(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        var text = header.strip();
        var wait =
                text.matches("\\d{1,9}")
                        ? Duration.ofSeconds(Long.parseLong(text))
                        : until(text, now);
        return wait == null || wait.isNegative() || wait.isZero() ? null : wait;
    }

    private static @Nullable Duration until(String date, Instant now) {
        try {
            return Duration.between(
                    now,
                    ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
        } catch (DateTimeParseException malformed) {
            return null;
        }
    }
}
