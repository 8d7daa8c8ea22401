package nod.gateway.lock;

import nod.schemas.event.LockReason;

import java.time.Instant;

/** What became of a login that caused a push, or may have caused one. */
sealed interface Ended {

    /** When it ended, by the database's clock. */
    Instant at();

    /** Somebody let themselves in. */
    record Accepted(Instant at) implements Ended {}

    /**
     * It ended in anything else.
     *
     * @param why what a pause would be called that it begins; {@code unanswered} for one that
     *     expired or was taken back
     */
    record Failed(LockReason why, Instant at) implements Ended {}
}
