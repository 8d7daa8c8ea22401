package nod.collector.outcome;

import nod.messaging.event.Traceparent;
import nod.schemas.event.ItemMode;

import java.util.UUID;

/** A transaction that was claimed and waits for its decision. */
record ClaimedTransaction(UUID txId, ItemMode mode, String right, Claim claim) {

    Decision decide(Traceparent trace) {
        return new Decision(txId, claim, Verdict.on(claim, mode, right), trace);
    }

    /** Neither the right item nor the answered one belongs in a log. */
    @Override
    public String toString() {
        return "ClaimedTransaction[" + txId + "]";
    }
}
