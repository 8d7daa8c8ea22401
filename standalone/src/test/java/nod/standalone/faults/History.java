package nod.standalone.faults;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the clients did and saw. Safe for any number of threads. */
final class History {

    private final Clock clock;
    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
    private final Queue<Observation> observations = new ConcurrentLinkedQueue<>();
    private final Set<UUID> promised = ConcurrentHashMap.newKeySet();

    History(Clock clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    void add(Operation operation) {
        operations.add(operation);
    }

    void add(Observation observation) {
        observations.add(observation);
    }

    /** The client was told that this transaction was started. */
    void promised(UUID txId) {
        promised.add(txId);
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }

    List<Observation> observations() {
        return List.copyOf(observations);
    }

    Set<UUID> promisedIds() {
        return Set.copyOf(promised);
    }
}
