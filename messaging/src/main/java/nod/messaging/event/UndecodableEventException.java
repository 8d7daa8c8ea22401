package nod.messaging.event;

/** A record that is no event of its topic: trying again would change nothing. */
public final class UndecodableEventException extends RuntimeException {

    /** Why it is none, without the record's content. */
    public UndecodableEventException(String message) {
        super(message);
    }
}
