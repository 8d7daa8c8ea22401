package nod.messaging.deadletter;

import java.util.Locale;

/** What became of a dead letter. */
enum Fate {
    /** Nothing yet. */
    OPEN,

    /** It was written to its topic again, and acknowledged. */
    REPLAYED,

    /** Somebody decided that it needs no replay. */
    DISMISSED;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
