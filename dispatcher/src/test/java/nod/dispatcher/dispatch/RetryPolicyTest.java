package nod.dispatcher.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import nod.dispatcher.dispatch.RetryPolicy.Decision;
import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.Accepted;
import nod.dispatcher.push.PushResult.CredentialsRefused;
import nod.dispatcher.push.PushResult.Rejected;
import nod.dispatcher.push.PushResult.TryAgain;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;

class RetryPolicyTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final double ALMOST_ONE = Math.nextDown(1.0);

    private final RetryPolicy policy =
            new RetryPolicy(Duration.ofMillis(500), Duration.ofSeconds(15), Duration.ofMillis(500));

    private static PushResult outage(Duration retryAfter) {
        return TryAgain.outage("UNAVAILABLE", retryAfter);
    }

    private static final PushResult OUTAGE = TryAgain.outage("UNAVAILABLE", null);

    private Duration wait(int failures, PushResult result, double chance) {
        var decision = policy.after(failures, result, Duration.ofHours(1), chance);
        assertThat(decision).isInstanceOf(Decision.Wait.class);
        return ((Decision.Wait) decision).delay();
    }

    @Test
    void theLastWordEndsIt() {
        assertThat(policy.after(1, new PushResult.Unsealable(), MINUTE, 0))
                .isEqualTo(new Decision.Stop());
        assertThat(policy.after(1, new Accepted("id"), MINUTE, 0)).isEqualTo(new Decision.Stop());
        assertThat(policy.after(1, Rejected.key("UNREGISTERED", null), MINUTE, 0))
                .isEqualTo(new Decision.Stop());
    }

    @ParameterizedTest
    @CsvSource({
        "1,500",
        "2,1000",
        "3,2000",
        "4,4000",
        "5,8000",
        "6,15000",
        "7,15000",
        "31,15000",
        "2000000000,15000"
    })
    void theWaitDoublesUpToTheLongest(int failures, long millis) {
        assertThat(wait(failures, OUTAGE, 0)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 100})
    void chanceTakesOffUpToHalf(int failures) {
        var full = wait(failures, OUTAGE, 0);

        assertThat(wait(failures, OUTAGE, 0.5)).isEqualTo(full.multipliedBy(3).dividedBy(4));
        assertThat(wait(failures, OUTAGE, ALMOST_ONE))
                .isBetween(full.dividedBy(2), full.dividedBy(2).plusNanos(2));
    }

    @Test
    void refusedCredentialsAreTriedAgainLikeAnOutage() {
        assertThat(wait(2, new CredentialsRefused("InvalidProviderToken", true), 0))
                .isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aProvidersWaitIsNeverCutShort() {
        assertThat(wait(1, outage(Duration.ofSeconds(20)), 0)).isEqualTo(Duration.ofSeconds(20));
        assertThat(wait(1, outage(Duration.ofSeconds(20)), ALMOST_ONE))
                .isBetween(Duration.ofMillis(20_499), Duration.ofMillis(20_500));
    }

    @Test
    void aProvidersWaitThatIsShorterThanOursChangesNothing() {
        assertThat(wait(5, outage(Duration.ofSeconds(1)), 0)).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void noAttemptBeginsWithinTheMarginBeforeExpiry() {
        var exactly = Duration.ofMillis(1000);

        assertThat(policy.after(1, OUTAGE, exactly, 0)).isEqualTo(new Decision.Stop());
        assertThat(policy.after(1, OUTAGE, exactly.plusNanos(1), 0))
                .isEqualTo(new Decision.Wait(Duration.ofMillis(500)));
    }

    @Test
    void stopsAtOnceWhenTheProviderWantsToWaitTillAfterExpiry() {
        assertThat(policy.after(1, outage(MINUTE), MINUTE, 0)).isEqualTo(new Decision.Stop());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -60_000})
    void stopsWhenNothingIsLeft(long millis) {
        assertThat(policy.after(1, OUTAGE, Duration.ofMillis(millis), ALMOST_ONE))
                .isEqualTo(new Decision.Stop());
    }

    @Test
    void everyOrderOfFailuresEndsBeforeExpiry() {
        PushResult[] results = {
            OUTAGE, outage(Duration.ofSeconds(7)), TryAgain.patience("Q", MINUTE)
        };
        for (int order = 0; order < 3 * 3 * 3 * 3 * 3; order++) {
            var left = MINUTE;
            int rest = order;
            for (int failures = 1; ; failures++, rest /= 3) {
                var decision = policy.after(failures, results[rest % 3], left, 0.25);
                if (!(decision instanceof Decision.Wait(var delay))) {
                    break;
                }
                left = left.minus(delay);
                assertThat(left).isGreaterThan(policy.margin());
            }
        }
    }

    @Test
    void refusesWaitsThatMakeNoSense() {
        assertThatThrownBy(() -> new RetryPolicy(Duration.ZERO, MINUTE, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(MINUTE, Duration.ofSeconds(59), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("first PT1M, longest PT59S");
    }
}
