package nod.collector.matching;

import static java.nio.charset.StandardCharsets.UTF_8;

import nod.schemas.event.Answer;
import nod.schemas.event.ItemMode;

import java.security.MessageDigest;

/** Matches the item that a phone answered with. Pure. */
public final class Matcher {

    private Matcher() {}

    /**
     * What the answer means.
     *
     * @param mode how the transaction is matched
     * @param right the right item; for numbers their text, leading zeros included
     * @param answered the item as the phone sent it
     */
    public static MatchResult match(ItemMode mode, String right, String answered) {
        if (answered.equals(Answer.DENY.text())) {
            return MatchResult.DECLINED;
        }
        if (answered.equals(Answer.REPORT.text())) {
            return MatchResult.REPORTED;
        }
        return isRight(mode, right, answered) ? MatchResult.MATCHED : MatchResult.WRONG_ITEM;
    }

    private static boolean isRight(ItemMode mode, String right, String answered) {
        return switch (mode) {
            case ACCEPT_DENY -> answered.equals(Answer.ACCEPT.text());
            case NUMBER_MATCHING_2 -> isRightNumber(2, right, answered);
            case NUMBER_MATCHING_3 -> isRightNumber(3, right, answered);
            case NUMBER_ENTRY_6 -> isRightNumber(6, right, answered);
        };
    }

    /**
     * The comparison takes as long wherever the digits differ. A row without a proper right number
     * is never matched, whatever is answered.
     */
    private static boolean isRightNumber(int digits, String right, String answered) {
        return right.length() == digits
                && MessageDigest.isEqual(right.getBytes(UTF_8), answered.getBytes(UTF_8));
    }
}
