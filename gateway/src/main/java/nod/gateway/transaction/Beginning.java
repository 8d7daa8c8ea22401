package nod.gateway.transaction;

import nod.gateway.security.Caller;
import nod.gateway.transaction.StartRows.Times;
import nod.messaging.event.Traceparent;
import nod.messaging.outbox.Outbox;
import nod.messaging.outbox.Outbox.Traced;
import nod.schemas.event.TransactionStarted;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.UUID;

/**
 * A transaction that is about to be written.
 *
 * @param devices of the user, which are asked
 * @param key under which it is remembered; null: under none
 */
record Beginning(
        UUID txId,
        String user,
        List<UUID> devices,
        Start start,
        Challenge challenge,
        Caller caller,
        @Nullable IdempotencyKey key,
        Traceparent trace) {

    /** The event that tells of it; its times, the row knows. */
    Traced told() {
        return new Traced(
                trace,
                new TransactionStarted(
                        txId,
                        user,
                        devices,
                        start.mode(),
                        challenge.items(),
                        start.title(),
                        start.body(),
                        start.context(),
                        Outbox.UNKNOWN,
                        Outbox.UNKNOWN,
                        caller.actor()));
    }

    /** As it stands when it is written. */
    MobileTransaction shown(Times times) {
        return MobileTransaction.begun(txId, user, devices, start.mode(), challenge.item(), times);
    }
}
