package nod.collector.outcome;

import nod.collector.matching.MatchResult;
import nod.collector.matching.Matcher;
import nod.schemas.event.ItemMode;
import nod.schemas.event.OutcomeReason;
import nod.schemas.event.TransactionStatus;

import org.jspecify.annotations.Nullable;

/**
 * A final status with its reason.
 *
 * @param status never {@code wait}
 * @param reason null for {@code expired} alone
 */
public record Verdict(TransactionStatus status, @Nullable OutcomeReason reason) {

    /** Nobody answered, though somebody may have been asked. */
    public static final Verdict EXPIRED = new Verdict(TransactionStatus.EXPIRED, null);

    /** Nobody can have been asked. */
    public static Verdict undeliverable(OutcomeReason reason) {
        return new Verdict(TransactionStatus.UNDELIVERABLE, reason);
    }

    /** What a claim means for a transaction of that mode and right item. */
    static Verdict on(Claim claim, ItemMode mode, String right) {
        return switch (claim) {
            case Claim.Answered answered -> of(Matcher.match(mode, right, answered.item()));
            case Claim.Withdrawn withdrawn ->
                    new Verdict(
                            TransactionStatus.CANCELLED,
                            switch (withdrawn.withdrawal()) {
                                case CANCELLED -> OutcomeReason.CANCELLED;
                                case SUPERSEDED -> OutcomeReason.SUPERSEDED;
                            });
        };
    }

    private static Verdict of(MatchResult result) {
        return switch (result) {
            case MATCHED -> new Verdict(TransactionStatus.ACCEPT, OutcomeReason.MATCHED);
            case DECLINED -> new Verdict(TransactionStatus.DENY, OutcomeReason.DECLINED);
            case REPORTED -> new Verdict(TransactionStatus.DENY, OutcomeReason.REPORTED);
            case WRONG_ITEM -> new Verdict(TransactionStatus.DENY, OutcomeReason.WRONG_ITEM);
        };
    }
}
