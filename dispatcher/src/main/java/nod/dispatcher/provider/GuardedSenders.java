package nod.dispatcher.provider;

import nod.schemas.event.Provider;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** The providers that are configured. */
public final class GuardedSenders {

    private static final Logger log = LoggerFactory.getLogger(GuardedSenders.class);

    private final Map<Provider, GuardedSender> senders = new EnumMap<>(Provider.class);

    public GuardedSenders(Collection<GuardedSender> configured) {
        configured.forEach(sender -> senders.put(sender.provider(), sender));
        for (var provider : Provider.values()) {
            if (!senders.containsKey(provider)) {
                log.warn(
                        "{} is not configured: its phones get no push and have to ask for what"
                                + " waits for them",
                        provider.text());
            }
        }
    }

    /** By provider; absent where it is not configured. */
    public Map<Provider, GuardedSender> byProvider() {
        return Map.copyOf(senders);
    }

    /**
     * Whether further pushes had better come later, for one provider has a crowd to serve first.
     */
    public boolean areCrowded() {
        return senders.values().stream().anyMatch(GuardedSender::isCrowded);
    }

    @Nullable GuardedSender of(Provider provider) {
        return senders.get(provider);
    }
}
