package nod.collector.delivery;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads how long an endpoint wants to be left alone (RFC 9110, 10.2.3). */
final class RetryAfter {

    /** Who wants more gets no more: it would be as good as gone. */
    static final Duration LONGEST = Duration.ofDays(1);

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private RetryAfter() {}

    /**
     * How long, at most {@link #LONGEST}; empty where nothing is said, or nothing that is
     * understood.
     *
     * @param header the value of {@code Retry-After}: seconds, or a date
     * @param date the value of {@code Date}, from which a date is counted
     * @param now where that is missing
     */
    static Optional<Duration> of(@Nullable String header, @Nullable String date, Instant now) {
        if (header == null) {
            return Optional.empty();
        }
        var text = header.strip();
        var wanted =
                SECONDS.matcher(text).matches()
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                        : instant(text).map(then -> Duration.between(instant(date, now), then));
        return wanted.filter(Duration::isPositive)
                .map(longest -> longest.compareTo(LONGEST) < 0 ? longest : LONGEST);
    }

    private static Instant instant(@Nullable String date, Instant otherwise) {
        return date == null ? otherwise : instant(date).orElse(otherwise);
    }

    private static Optional<Instant> instant(String date) {
        try {
            var parsed = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(parsed.toInstant());
        } catch (DateTimeException malformed) {
            return Optional.empty();
        }
    }
}
