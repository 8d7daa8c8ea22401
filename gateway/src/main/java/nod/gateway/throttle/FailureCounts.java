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
 * How many failures each client had in its current window, which begins with its first failure and
 * is followed by another one as long as it fails. Thread-safe; never waits for time to pass.
 *
 * <p>Memory is bounded without forgetting a count that matters: clients that come when there are
 * too many share one count, until others have been silent for a window. Whoever comes from ever new
 * networks so gets no more failures than the most clients have together.
 */
final class FailureCounts {

    static final Duration WINDOW = Duration.ofMinutes(1);

    private final int maxClients;
    private final Bandwidth limit;
    private final TimeMeter time;
    private final Cache<ClientNetwork, Bucket> buckets;
    private final Bucket others;

    /**
     * @param perWindow failures that a client may have in one window
     * @param maxClients clients with a count of their own, give or take those that come at the same
     *     moment
     * @param nanoTime a clock that only goes forward
     */
    FailureCounts(int perWindow, int maxClients, LongSupplier nanoTime) {
        this.maxClients = maxClients;
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
     * @param client null: it can't be told
     * @return empty where the client may have it; else until when it has had too many
     */
    Optional<Duration> count(@Nullable ClientNetwork client) {
        var probe = bucketOf(client).tryConsumeAndReturnRemaining(1);
        return probe.isConsumed()
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(probe.getNanosToWaitForRefill()));
    }

    /** Clients that have a count of their own. */
    long clients() {
        return buckets.estimatedSize();
    }

    private Bucket bucketOf(@Nullable ClientNetwork client) {
        if (client == null) {
            return others;
        }
        var known = buckets.getIfPresent(client);
        if (known != null) {
            return known;
        }
        return isFull() ? others : buckets.get(client, _ -> bucket());
    }

    private boolean isFull() {
        if (buckets.estimatedSize() < maxClients) {
            return false;
        }
        // The cache drops what has expired when it is written to, which it no longer is.
        buckets.cleanUp();
        return buckets.estimatedSize() >= maxClients;
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
