package nod.collector.expiry;

/** How one asked device was reached by the time its transaction expired. */
enum Reach {
    /** No report yet: a push may still be under way. */
    PENDING,
    ACCEPTED,
    REJECTED,
    UNREACHABLE,
    NO_PUSH_KEY,
    /** The device fetched the transaction itself. */
    PULLED;

    /** A state of the table {@code delivery}. */
    static Reach of(String state) {
        return switch (state) {
            case "accepted" -> ACCEPTED;
            case "rejected" -> REJECTED;
            case "unreachable" -> UNREACHABLE;
            case "no_push_key" -> NO_PUSH_KEY;
            case "pulled" -> PULLED;
            default ->
                    throw new IllegalStateException(
                            "delivery state '" + state + "': expected one of the table's");
        };
    }
}
