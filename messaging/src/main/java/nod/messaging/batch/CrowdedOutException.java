package nod.messaging.batch;

/** A request was turned away before anything was done for it, because too many wait. */
public final class CrowdedOutException extends RuntimeException {

    CrowdedOutException() {
        super("too many wait", null, false, false);
    }
}
