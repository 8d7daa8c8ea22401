package nod.collector.expiry;

import static nod.collector.expiry.Reach.NO_PUSH_KEY;
import static nod.collector.expiry.Reach.REJECTED;
import static nod.collector.expiry.Reach.UNREACHABLE;

import nod.collector.outcome.Verdict;
import nod.schemas.event.OutcomeReason;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;

/** Says what becomes of a transaction that nobody answered. Pure. */
final class ExpiryVerdict {

    private static final Set<Reach> NEGATIVE = EnumSet.of(NO_PUSH_KEY, REJECTED, UNREACHABLE);

    private ExpiryVerdict() {}

    /**
     * Undeliverable only if no device can have been asked: each had no push key or a negative
     * report, and none pulled. Else somebody may have seen it and let it expire.
     *
     * @param devices how each asked device was reached, in any order
     */
    static Verdict of(Collection<Reach> devices) {
        if (devices.isEmpty() || !NEGATIVE.containsAll(devices)) {
            return Verdict.EXPIRED;
        }
        return Verdict.undeliverable(reason(EnumSet.copyOf(devices)));
    }

    private static OutcomeReason reason(Set<Reach> negative) {
        if (negative.contains(UNREACHABLE)) {
            return OutcomeReason.UNREACHABLE;
        }
        return negative.contains(REJECTED) ? OutcomeReason.REJECTED : OutcomeReason.NO_PUSH_KEY;
    }
}
