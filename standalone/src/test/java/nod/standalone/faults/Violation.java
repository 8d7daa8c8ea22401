package nod.standalone.faults;

import nod.standalone.faults.Evidence.TransactionRow;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * A promise that was not kept.
 *
 * @param at when its transaction was started; null where it is no transaction's
 * @param what in words, with the ids that help to find it
 */
record Violation(Promise promise, @Nullable Instant at, String what) {

    static Violation of(@Nullable TransactionRow row, Promise promise, String what) {
        return new Violation(promise, row == null ? null : row.created(), what);
    }

    /** Whether it may be that fault's: the transaction was there while it lasted. */
    boolean isBy(FaultRun.Struck struck) {
        return at != null
                && at.isAfter(struck.from().minus(LONGEST))
                && at.isBefore(struck.until());
    }

    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** What the system promises. */
    enum Promise {
        A_STARTED_TRANSACTION_EXISTS,
        EVERY_TRANSACTION_IS_DECIDED,
        ONE_OUTCOME,
        API_DATABASE_AND_KAFKA_AGREE,
        AN_ANSWER_WITH_204_DECIDES,
        NO_ANSWER_AFTER_EXPIRY,
        A_DECISION_NEVER_CHANGES,
        ACCEPT_ONLY_BY_THE_RIGHT_ITEM,
        EVERY_IMPLIED_EVENT_IS_ON_KAFKA,
        ONE_ID_FOR_AN_EVENT,
        NO_EVENT_WITHOUT_STATE,
        EVERY_ASKED_PHONE_IS_PUSHED_TO,
        NO_PUSH_AFTER_THE_END,
        NO_LIVE_KEY_IS_DROPPED,
        A_DEAD_LETTER_IS_TOLD,
        NO_REQUEST_FAILS_WHILE_ROLLING,
        ONE_PROVIDER_NEVER_SLOWS_ANOTHER
    }
}
