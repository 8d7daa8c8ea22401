package nod.schemas.event;

/**
 * A fact of the event log.
 *
 * <p>No event carries a token, a push key, the right item, typed digits or {@code info.others}:
 * nothing with which a reader of the log could answer, push or impersonate.
 */
public sealed interface Event
        permits DeviceChanged,
                TransactionStarted,
                DeliveryReported,
                ResponseReceived,
                TransactionWithdrawn,
                OutcomeDecided,
                UserLocked {

    /** The topic that this event belongs to; each topic carries one type of event. */
    Topic topic();

    /** The record key: events with the same key keep their order inside the topic. */
    String key();
}
