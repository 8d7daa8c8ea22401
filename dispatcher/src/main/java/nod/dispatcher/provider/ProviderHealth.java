package nod.dispatcher.provider;

import nod.schemas.event.Provider;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Whether a provider accepts our credentials. While it does not, an error is logged every ten
 * minutes; nothing is dropped. Thread-safe.
 */
public final class ProviderHealth {

    private static final Logger log = LoggerFactory.getLogger(ProviderHealth.class);
    private static final Duration REMINDER = Duration.ofMinutes(10);

    private record Refusal(String reason, long loggedNanos) {}

    private final Provider provider;
    private final TimeSource time;
    private final AtomicReference<@Nullable Refusal> refusal = new AtomicReference<>();

    ProviderHealth(Provider provider, TimeSource time) {
        this.provider = provider;
        this.time = time;
    }

    /** Which provider. */
    public Provider provider() {
        return provider;
    }

    /** The provider's word for why it refuses our credentials; null while it accepts them. */
    public @Nullable String refusal() {
        var current = refusal.get();
        return current == null ? null : current.reason();
    }

    void accepted() {
        if (refusal.get() != null && refusal.getAndSet(null) != null) {
            log.info("{} accepts our credentials again", provider.text());
        }
    }

    void refused(String reason) {
        var before = refusal.get();
        if (before != null && time.since(before.loggedNanos()).compareTo(REMINDER) < 0) {
            return;
        }
        if (refusal.compareAndSet(before, new Refusal(reason, time.nanos()))) {
            log.error(
                    "{} refuses our credentials ({}): no push passes until they are mended",
                    provider.text(),
                    reason);
        }
    }
}
