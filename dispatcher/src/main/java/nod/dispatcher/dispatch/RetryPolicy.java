package nod.dispatcher.dispatch;

import nod.dispatcher.push.PushResult;
import nod.dispatcher.push.PushResult.CredentialsRefused;
import nod.dispatcher.push.PushResult.TryAgain;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Decides whether a push is tried again, and when. A pure value: time and chance are given to it.
 *
 * <p>The wait doubles from {@code first} up to {@code longest}, of which a random half is taken
 * off, so that phones which failed together do not come back together. Where the provider names a
 * wait, it is kept, with up to {@code first} added for the same reason.
 *
 * @param first the wait after the first attempt
 * @param longest the longest wait of our own choosing
 * @param margin an attempt that would begin so shortly before the transaction expires is not made:
 *     the report shall be known before that
 */
public record RetryPolicy(Duration first, Duration longest, Duration margin) {

    public RetryPolicy {
        if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "first %s, longest %s: expected more than zero, and longest not below first"
                            .formatted(first, longest));
        }
    }

    /** What to do after an attempt. */
    public sealed interface Decision {

        /** Try again after this time. */
        record Wait(Duration delay) implements Decision {}

        /** It is over: the last word was said, or no time left for another attempt. */
        record Stop() implements Decision {}
    }

    /**
     * Decides after an attempt.
     *
     * @param failures how many attempts have failed, this one included; at least 1
     * @param result what became of the attempt
     * @param left how long the transaction may still be answered
     * @param chance a random number, from 0 up to but not including 1
     */
    public Decision after(int failures, PushResult result, Duration left, double chance) {
        return switch (result) {
            case PushResult.Accepted _, PushResult.Rejected _, PushResult.Unsealable _ ->
                    new Decision.Stop();
            case TryAgain tryAgain -> within(left, delay(failures, tryAgain.retryAfter(), chance));
            case CredentialsRefused _ -> within(left, delay(failures, null, chance));
        };
    }

    private Decision within(Duration left, Duration delay) {
        return delay.compareTo(left.minus(margin)) < 0
                ? new Decision.Wait(delay)
                : new Decision.Stop();
    }

    private Duration delay(int failures, @Nullable Duration retryAfter, double chance) {
        var own = own(failures, chance);
        return retryAfter == null || own.compareTo(retryAfter) >= 0
                ? own
                : retryAfter.plus(share(first, chance));
    }

    private Duration own(int failures, double chance) {
        // Thirty doublings of the shortest wait outlast every transaction; more would overflow.
        var doubled = first.multipliedBy(1L << Math.min(failures - 1, 30));
        var full = doubled.compareTo(longest) < 0 ? doubled : longest;
        return full.minus(share(full.dividedBy(2), chance));
    }

    private static Duration share(Duration of, double chance) {
        return Duration.ofNanos((long) (of.toNanos() * chance));
    }
}
