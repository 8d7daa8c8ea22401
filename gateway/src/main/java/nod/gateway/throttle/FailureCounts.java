package nod.gateway.throttle;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How many failures each subject, an address or a device, had in its current window, which begins
 * with its first failure and is followed by another one as long as it fails. Thread-safe; never
 * waits for time to pass.
 *
 * <p>Memory is bounded without forgetting a count that matters: subjects that come when there are
 * too many share one count, until others have been silent for a window. Whoever comes from ever new
 * networks so gets no more failures than the most subjects have together.
 *
 * @param <S> the kind of subject, a small value
 */
final class FailureCounts<S> {

    static final Duration WINDOW = Duration.ofMinutes(1);

    private final int maxSubjects;
    private final Bandwidth limit;
    private final TimeMeter time;
    private final Cache<S, Bucket> buckets;
    private final Bucket others;

    /**
     * @param perWindow failures that a subject may have in one window
     * @param maxSubjects subjects with a count of their own, give or take those that come at the
     *     same moment
     * @param nanoTime a clock that only goes forward
     */
    FailureCounts(int perWindow, int maxSubjects, LongSupplier nanoTime) {
        this.maxSubjects = maxSubjects;
        this.limit =
                Bandwidth.builder().capacity(perWindow).refillIntervally(perWindow, WINDOW).build();
        this.time = new NanoTime(nanoTime);
        // One that was silent for a whole window would have a full bucket again: none is lost.
        this.buckets =
                Caffeine.newBuilder().expireAfterAccess(WINDOW).ticker(nanoTime::getAsLong).build();
        this.others = bucket();
    }

    /**
     * Counts a failure.
     *
     * @param subject null: it can't be told
     * @return empty where the subject may have it; else until when it has had too many
     */
    Optional<Duration> count(@Nullable S subject) {
        var probe = bucketOf(subject).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    /** Subjects that have a count of their own. */
    long subjects() {
        return buckets.estimatedSize();
    }

    private Bucket bucketOf(@Nullable S subject) {
        if (subject == null) {
            return others;
        }
        var known = buckets.getIfPresent(subject);
        if (known != null) {
            return known;
        }
        return isFull() ? others : buckets.get(subject, _ -> bucket());
    }

    private boolean isFull() {
        if (buckets.estimatedSize() < maxSubjects) {
            return false;
        }
        // The cache drops what has expired when it is written to, which it no longer is.
        buckets.cleanUp();
        return buckets.estimatedSize() >= maxSubjects;
    }

    private Bucket bucket() {
        return Bucket.builder().addLimit(limit).withCustomTimePrecision(time).build();
    }

    private record NanoTime(LongSupplier nanoTime) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return nanoTime.getAsLong();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }
}
