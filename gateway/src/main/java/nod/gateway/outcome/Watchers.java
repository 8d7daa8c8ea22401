package nod.gateway.outcome;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.stereotype.Component;

import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Who follows which transaction at this instance: an entry in memory each. Thread-safe. */
@Component
class Watchers {

    private final Map<UUID, Set<Watcher>> byTransaction = new ConcurrentHashMap<>();
    private volatile boolean stopped;

    Watchers(MeterRegistry metrics) {
        Gauge.builder("nod.waiting.callers", this, Watchers::count)
                .description("Callers that wait for a decision at this instance")
                .register(metrics);
    }

    private int count() {
        return byTransaction.values().stream().mapToInt(Set::size).sum();
    }

    /** From now on the watcher is told; at once where this instance is about to stop. */
    <W extends Watcher> W add(UUID txId, W watcher) {
        byTransaction.compute(
                txId,
                (_, watchers) -> {
                    var all = watchers == null ? ConcurrentHashMap.<Watcher>newKeySet() : watchers;
                    all.add(watcher);
                    return all;
                });
        // Looked at after the entry was made: stop() either finds the entry or was seen here.
        if (stopped) {
            watcher.stopped();
        }
        return watcher;
    }

    void remove(UUID txId, Watcher watcher) {
        byTransaction.computeIfPresent(
                txId,
                (_, watchers) -> {
                    watchers.remove(watcher);
                    return watchers.isEmpty() ? null : watchers;
                });
    }

    /** Tells those who follow the transaction. */
    void tell(UUID txId, Consumer<Watcher> news) {
        byTransaction.getOrDefault(txId, Set.of()).forEach(news);
    }

    /** The transactions that somebody of this kind follows. */
    UUID[] followed(Predicate<Watcher> kind) {
        return byTransaction.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(kind))
                .map(Map.Entry::getKey)
                .toArray(UUID[]::new);
    }

    /** Tells all, those who come later included. */
    void stop() {
        stopped = true;
        byTransaction.values().forEach(watchers -> watchers.forEach(Watcher::stopped));
    }
}
