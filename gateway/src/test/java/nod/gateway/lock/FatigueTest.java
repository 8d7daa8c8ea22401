package nod.gateway.lock;

import static org.assertj.core.api.Assertions.assertThat;

import nod.gateway.GatewaySettings;
import nod.gateway.lock.Ended.Accepted;
import nod.gateway.lock.Ended.Failed;
import nod.schemas.event.LockReason;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What past logins owe. In the tables a login is its ending and when it came. */
class FatigueTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final GatewaySettings.Pause DEFAULTS = settings(Duration.ofSeconds(30), 2);

    private static GatewaySettings.Pause settings(Duration first, int free) {
        return new GatewaySettings.Pause(
                first, Duration.ofHours(1), Duration.ofHours(24), free, Duration.ofMinutes(10));
    }

    @ParameterizedTest(name = "{0}, at {1}: {2} until {3}")
    @CsvSource(
            delimiter = '|',
            value = {
                // At once.
                "declined 0s                              | 1s         | declined   | 30s",
                "declined 0s                              | 29.999s    | declined   | 30s",
                "wrong_item 5s                            | 6s         | wrong_item | 35s",
                "reported 0s                              | 1s         | reported   | 30s",
                // Doubled, up to an hour.
                "declined 0s, declined 60s                | 61s        | declined   | 120s",
                "declined 0s, declined 60s, wrong_item 1h | 1h0m1s     | wrong_item | 1h2m",
                "declined 0s*7                            | 1s         | declined   | 32m",
                "declined 0s*8                            | 1s         | declined   | 1h",
                "declined 0s*99                           | 59m        | declined   | 1h",
                // Free twice in ten minutes, then no more.
                "unanswered 0s, unanswered 1m, unanswered 2m               | 2m1s | unanswered |"
                        + " 2m30s",
                "unanswered 0s, unanswered 1m, unanswered 2m, unanswered 3m| 3m1s | unanswered |"
                        + " 4m",
                "unanswered 0s, unanswered 1m, unanswered 9m59s       | 10m | unanswered | 10m29s",
                "unanswered 0s*3, unanswered 11m, unanswered 12m, unanswered 13m | 13m1s |"
                        + " unanswered | 14m",
                // Together with what is never free.
                "declined 0s, unanswered 1m, unanswered 2m, unanswered 3m | 3m1s | unanswered | 4m",
                "unanswered 0s, declined 1m               | 1m1s       | declined   | 1m30s",
                // After an accept the count begins anew.
                "declined 0s*5, accepted 1m, declined 2m  | 2m1s       | declined   | 2m30s",
                "unanswered 0s*2, accepted 1m, unanswered 2m*3 | 2m1s  | unanswered | 2m30s",
                // After a day the oldest is forgotten.
                "declined 0s, declined 23h59m             | 23h59m1s   | declined   | 24h",
                "declined 0s, declined 24h                | 24h0m1s    | declined   | 24h0m30s",
            })
    void owesAPause(String past, String now, String reason, String until) {
        var history = history(past, now);

        assertThat(new Fatigue(DEFAULTS).owed(history))
                .hasValueSatisfying(
                        pause -> {
                            assertThat(pause.reason().text()).isEqualTo(reason);
                            assertThat(pause.since()).isEqualTo(history.ended().getLast().at());
                            assertThat(pause.until()).isEqualTo(at(until));
                        });
    }

    @ParameterizedTest(name = "{0}, at {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                              | 0s",
                "accepted 0s                                     | 1s",
                "declined 0s                                     | 30s",
                "declined 0s*8                                   | 1h",
                "declined 0s, accepted 1s                        | 2s",
                "unanswered 0s                                   | 1s",
                "unanswered 0s*2                                 | 1s",
                "unanswered 0s*2, accepted 1s, unanswered 2s*2   | 3s",
                "unanswered 0s, unanswered 1m, unanswered 10m    | 10m1s",
                "unanswered 0s, unanswered 5m, unanswered 10m, unanswered 15m | 15m1s"
            })
    void owesNothing(String past, String now) {
        assertThat(new Fatigue(DEFAULTS).owed(history(past, now))).isEmpty();
    }

    @Test
    void owesNothingForWhatIsForgotten() {
        var settings =
                new GatewaySettings.Pause(
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        Duration.ofHours(1),
                        2,
                        Duration.ofMinutes(10));

        assertThat(new Fatigue(settings).owed(history("declined 0s*9", "1h"))).isEmpty();
    }

    @Test
    void takesWhatIsOpenForUnanswered() {
        var pause = impending(DEFAULTS, history("unanswered 0s*2", "1m", "90s"));

        assertThat(pause)
                .contains(new Pause(LockReason.UNANSWERED, at("90s"), at("90s").plusSeconds(30)));
    }

    @Test
    void countsEveryOpenOneWhereSeveralMayBe() {
        assertThat(impending(DEFAULTS, history("", "1m", "90s", "80s"))).isEmpty();
        assertThat(impending(DEFAULTS, history("", "1m", "90s", "80s", "70s")))
                .map(Pause::since)
                .contains(at("90s"));
    }

    @Test
    void makesThePauseThatWouldFollowAsLongAsItWouldBe() {
        var pause = impending(DEFAULTS, history("declined 0s*2, unanswered 1h*2", "1h1m", "1h2m"));

        assertThat(pause).map(Pause::until).contains(at("1h4m"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                           | 0s",
                "unanswered 0s                | 1m",
                "declined 0s*5                | 1h",
                "unanswered 0s*2              | 10m",
                "unanswered 0s*2, accepted 1s | 2s"
            })
    void leavesRoomForANewerOne(String past, String now) {
        assertThat(impending(DEFAULTS, history(past, now, "2h"))).isEmpty();
    }

    @Test
    void asksAtMostOnceAtATimeWhereNothingIsFree() {
        var strict = settings(Duration.ofSeconds(30), 0);

        assertThat(impending(strict, history("", "0s", "60s"))).isPresent();
        assertThat(new Fatigue(strict).owed(history("unanswered 0s", "1s"))).isPresent();
    }

    @Test
    void neverPausesWhereTheFirstPauseIsNone() {
        var off = settings(Duration.ZERO, 2);

        assertThat(new Fatigue(off).owed(history("declined 0s*9", "0s"))).isEmpty();
        assertThat(impending(off, history("unanswered 0s*9", "0s", "60s"))).isEmpty();
    }

    private static Optional<Pause> impending(GatewaySettings.Pause settings, History history) {
        return new Fatigue(settings).impending(history);
    }

    /** Reads {@code "declined 0s, unanswered 1m*3"}. */
    private static History history(String past, String now, String... openUntil) {
        var ended =
                Arrays.stream(past.split(","))
                        .map(String::strip)
                        .filter(one -> !one.isEmpty())
                        .flatMap(one -> logins(one).stream())
                        .toList();
        return new History(at(now), ended, Arrays.stream(openUntil).map(FatigueTest::at).toList());
    }

    private static List<Ended> logins(String text) {
        var parts = text.split("[ *]");
        var login = login(parts[0], at(parts[1]));
        return Collections.nCopies(parts.length == 3 ? Integer.parseInt(parts[2]) : 1, login);
    }

    private static Ended login(String became, Instant at) {
        return became.equals("accepted")
                ? new Accepted(at)
                : new Failed(LockReason.valueOf(became.toUpperCase(Locale.ROOT)), at);
    }

    private static Instant at(String afterTheStart) {
        return START.plus(Duration.parse("PT" + afterTheStart));
    }
}
