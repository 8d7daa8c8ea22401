package nod.gateway.connection;

import nod.gateway.throttle.ClientNetwork;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** The open connections, in all and of each address; only addresses that have one. Thread-safe. */
final class ConnectionCounts {

    /** What came of a new connection. */
    enum Verdict {
        ADMITTED,
        /** There are as many as there may be in all. */
        TOO_MANY,
        /** There are as many as its address may have. */
        TOO_MANY_OF_THE_ADDRESS
    }

    private final int max;
    private final int maxPerAddress;
    private final AtomicInteger all = new AtomicInteger();
    private final ConcurrentHashMap<ClientNetwork, Integer> ofAddresses = new ConcurrentHashMap<>();

    ConnectionCounts(int max, int maxPerAddress) {
        this.max = max;
        this.maxPerAddress = maxPerAddress;
    }

    /**
     * Counts a new connection, if there may be one more.
     *
     * @param address null: it has no bound of its own
     */
    Verdict open(@Nullable ClientNetwork address) {
        if (all.incrementAndGet() > max) {
            all.decrementAndGet();
            return Verdict.TOO_MANY;
        }
        if (address != null && !openOf(address)) {
            all.decrementAndGet();
            return Verdict.TOO_MANY_OF_THE_ADDRESS;
        }
        return Verdict.ADMITTED;
    }

    private boolean openOf(ClientNetwork address) {
        var admitted = new boolean[1];
        ofAddresses.compute(
                address,
                (_, before) -> {
                    int open = before == null ? 0 : before;
                    admitted[0] = open < maxPerAddress;
                    return admitted[0] ? open + 1 : before;
                });
        return admitted[0];
    }

    /** One that was admitted is closed. */
    void close(@Nullable ClientNetwork address) {
        all.decrementAndGet();
        if (address != null) {
            ofAddresses.computeIfPresent(address, (_, open) -> open == 1 ? null : open - 1);
        }
    }

    /** How many are open. */
    int all() {
        return all.get();
    }

    /** How many addresses have one. */
    int addresses() {
        return ofAddresses.size();
    }
}
