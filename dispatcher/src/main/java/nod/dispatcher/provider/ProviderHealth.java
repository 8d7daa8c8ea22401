package nod.dispatcher.provider;

import nod.schemas.event.Provider;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/**
 * Whether a provider accepts our credentials. While it does not, an error is logged every ten
 * minutes; nothing is dropped. Thread-safe.
 */
public final class ProviderHealth {

    private static final Logger log = LoggerFactory.getLogger(ProviderHealth.class);

    /** How often a refusal is logged, and how long one is remembered that concerns some pushes. */
    private static final Duration PERIOD = Duration.ofMinutes(10);

    private record Refusal(String reason, boolean everyPush, long nanos) {}

    private final Provider provider;
    private final TimeSource time;
    private volatile @Nullable Refusal last;
    private @Nullable Refusal logged;

    ProviderHealth(Provider provider, TimeSource time) {
        this.provider = provider;
        this.time = time;
    }

    /** The provider's word for why it refuses our credentials; null while it accepts them. */
    public @Nullable String refusal() {
        var current = last;
        return current == null || (!current.everyPush() && isOver(current))
                ? null
                : current.reason();
    }

    /**
     * The provider looked at a push. That says nothing where only some pushes are refused: a
     * refusal of that kind is forgotten when it does not come again.
     */
    void accepted() {
        var current = last;
        if (current != null && current.everyPush()) {
            recover();
        }
    }

    private synchronized void recover() {
        if (last != null && last.everyPush()) {
            last = null;
            log.info("{} accepts our credentials again", provider.text());
        }
    }

    synchronized void refused(String reason, boolean everyPush) {
        var refusal = new Refusal(reason, everyPush, time.nanos());
        last = refusal;
        if (logged == null || !logged.reason().equals(reason) || isOver(logged)) {
            logged = refusal;
            log.error(
                    "{} refuses our credentials ({}): {} fail until they are mended",
                    provider.text(),
                    reason,
                    everyPush ? "all pushes" : "some pushes");
        }
    }

    private boolean isOver(Refusal refusal) {
        return time.since(refusal.nanos()).compareTo(PERIOD) >= 0;
    }
}
