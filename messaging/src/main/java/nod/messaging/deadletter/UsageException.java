package nod.messaging.deadletter;

/** A command line that isn't understood; the message says what is expected. */
final class UsageException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
