package nod.standalone.faults;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * One request of a client and what came of it. The client's clock is the database's: they run on
 * one machine.
 *
 * @param txId null where the client does not know it (yet), or where there is none
 * @param device the phone that asked; null for authentik
 * @param item what a phone answered; null for everything else
 * @param status of HTTP; {@link #UNKNOWN} where no answer came
 * @param last false where the client tried again
 */
record Operation(
        Kind kind,
        @Nullable UUID txId,
        @Nullable UUID device,
        @Nullable String item,
        Instant sent,
        Instant ended,
        int status,
        boolean last) {

    static final int UNKNOWN = 0;

    enum Kind {
        START,
        ANSWER,
        SHOW,
        WAIT,
        PULL,
        CANCEL,
        SET_KEY,
        RELEASE,
        ENROL
    }

    boolean isKnown() {
        return status != UNKNOWN;
    }

    boolean succeeded() {
        return status >= 200 && status < 300;
    }

    /** What a client that tries again would notice: it gave up, or was told of a bug. */
    boolean failed() {
        return last && (status == UNKNOWN || status >= 500) || status == 500;
    }

    /** Whether it was under way at that moment: the client could not know its result. */
    boolean wasOpenAt(Instant moment) {
        return !sent.isAfter(moment) && ended.isAfter(moment);
    }

    boolean isWithin(FaultRun.Struck struck) {
        return !sent.isBefore(struck.from()) && !ended.isAfter(struck.until());
    }

    boolean isWithin(Duration distance, Instant of) {
        return !sent.isAfter(of.plus(distance)) && !ended.isBefore(of.minus(distance));
    }
}
