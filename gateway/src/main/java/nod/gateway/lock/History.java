package nod.gateway.lock;

import java.time.Instant;
import java.util.List;

/**
 * What became of a user's recent logins.
 *
 * @param now when it was read, by the database's clock
 * @param ended what has ended, in the order in which it did
 * @param open when each of those will expire that can still be answered
 */
record History(Instant now, List<Ended> ended, List<Instant> open) {

    History {
        ended = List.copyOf(ended);
        open = List.copyOf(open);
    }
}
