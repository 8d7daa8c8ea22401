package nod.simulators.fault;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/**
 * What the providers do wrong right now. One fault for a push key and one for all keys of a
 * provider; the key's own comes first. Safe for any number of threads; a change holds for the next
 * request that arrives.
 */
public final class Faults {

    private final ConcurrentHashMap<Target, Rule> rules = new ConcurrentHashMap<>();

    /** Every request to this provider fails so, until cleared. */
    public void set(Provider provider, Fault fault) {
        put(new Target(provider, null), fault, null);
    }

    /** The next {@code times} requests to this provider fail so. */
    public void set(Provider provider, Fault fault, int times) {
        put(new Target(provider, null), fault, times);
    }

    /** Every request for this push key fails so, until cleared. */
    public void set(Provider provider, String key, Fault fault) {
        put(new Target(provider, key), fault, null);
    }

    /** The next {@code times} requests for this push key fail so. */
    public void set(Provider provider, String key, Fault fault, int times) {
        put(new Target(provider, key), fault, times);
    }

    /** Ends the fault for all keys of the provider; those of single keys stay. */
    public void clear(Provider provider) {
        rules.remove(new Target(provider, null));
    }

    /** Ends the fault of this push key. */
    public void clear(Provider provider, String key) {
        rules.remove(new Target(provider, key));
    }

    /** Ends every fault of every provider. */
    public void clearAll() {
        rules.clear();
    }

    /** What is set, those for all keys first. */
    public List<ActiveFault> active() {
        return rules.entrySet().stream()
                .map(rule -> rule.getKey().with(rule.getValue()))
                .sorted(
                        Comparator.comparing(ActiveFault::provider)
                                .thenComparing(
                                        ActiveFault::key,
                                        Comparator.nullsFirst(Comparator.naturalOrder())))
                .toList();
    }

    /** The fault of a request for this key, which it uses up once. */
    public Optional<Fault> take(Provider provider, String key) {
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        return take(new Target(provider, key), any -> true).or(() -> take(provider, any -> true));
    }

    /** The fault for all keys of the provider, used up once, if it is such a one. */
    public Optional<Fault> take(Provider provider, Predicate<Fault> which) {
        return take(new Target(provider, null), which);
    }

    private Optional<Fault> take(Target target, Predicate<Fault> which) {
        AtomicReference<@Nullable Fault> taken = new AtomicReference<>();
        rules.computeIfPresent(
                target,
                (same, rule) -> {
                    if (!which.test(rule.fault())) {
                        return rule;
                    }
                    taken.set(rule.fault());
                    return rule.usedOnce();
                });
        return Optional.ofNullable(taken.get());
    }

    private void put(Target target, Fault fault, @Nullable Integer times) {
        if (!fault.suits(target.provider())) {
            throw new IllegalArgumentException(
                    "fault: %s, expected one that %s knows"
                            .formatted(fault, target.provider().label()));
        }
        if (times != null && times < 1) {
            throw new IllegalArgumentException("times: %d, expected 1 or more".formatted(times));
        }
        rules.put(target, new Rule(fault, times));
    }

    private record Target(Provider provider, @Nullable String key) {
        ActiveFault with(Rule rule) {
            return new ActiveFault(provider, key, rule.fault(), rule.remaining());
        }
    }

    private record Rule(Fault fault, @Nullable Integer remaining) {
        @Nullable Rule usedOnce() {
            if (remaining == null) {
                return this;
            }
            return remaining == 1 ? null : new Rule(fault, remaining - 1);
        }
    }
}
