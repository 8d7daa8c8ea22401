package nod.simulators.inbox;

/**
 * How much an inbox keeps; the oldest goes first.
 *
 * @param perKey messages for one push key
 * @param keys push keys; the one that was silent longest goes first
 * @param total messages for all push keys together, which bounds the memory: some 2 kB each
 */
public record InboxLimits(int perKey, int keys, int total) {

    /** 1,000 for each of 100,000 keys, and 20,000 in all. */
    public static final InboxLimits DEFAULT = new InboxLimits(1_000, 100_000, 20_000);

    public InboxLimits {
        check("perKey", perKey);
        check("keys", keys);
        check("total", total);
    }

    private static void check(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "inbox limit %s: %d, expected 1 or more".formatted(name, value));
        }
    }
}
