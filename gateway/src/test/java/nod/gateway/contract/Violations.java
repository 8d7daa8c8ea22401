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

    /** Whether a {@link ContractExtension} looks here. */
    private static volatile boolean heeded;

    private Violations() {}

    static void heed() {
        heeded = true;
    }

    /** Refuses to let violations get lost. */
    static void requireHeed() {
        if (!heeded) {
            throw new IllegalStateException(
                    "expected junit.jupiter.extensions.autodetection.enabled=true in this module's"
                            + " junit-platform.properties, so that violations fail their tests");
        }
    }

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
