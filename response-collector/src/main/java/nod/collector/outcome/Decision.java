package nod.collector.outcome;

import nod.messaging.event.Traceparent;

import org.jspecify.annotations.Nullable;

import java.util.UUID;

/**
 * A verdict that is about to be written.
 *
 * @param txId the transaction
 * @param claim the claim that it rests on; null where there is none. It holds only if the row still
 *     says so.
 * @param verdict what is decided
 * @param trace what the outcome's event continues
 */
public record Decision(UUID txId, @Nullable Claim claim, Verdict verdict, Traceparent trace) {

    /** Closes a transaction that nobody answered or took back. */
    public static Decision unclaimed(UUID txId, Verdict verdict, Traceparent trace) {
        return new Decision(txId, null, verdict, trace);
    }
}
