package nod.gateway.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The violations that no test has failed for yet. A client throws what it finds to its caller; but
 * the caller may run on a thread that nobody listens to, or wait for a better answer.
 */
final class Violations {

    private static final BlockingQueue<ContractViolation> PENDING = new LinkedBlockingQueue<>();

    private Violations() {}

    static void report(ContractViolation violation) {
        PENDING.add(violation);
    }

    /**
     * @throws ContractViolation the first of them; the others are suppressed in it
     */
    static void failForPending() {
        List<ContractViolation> found = new ArrayList<>();
        PENDING.drainTo(found);
        if (!found.isEmpty()) {
            var first = found.removeFirst();
            found.forEach(first::addSuppressed);
            throw first;
        }
    }
}
