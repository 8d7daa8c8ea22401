package nod.collector.matching;

/** What an answer means for its transaction. */
public enum MatchResult {
    /** The right item: the only result that lets somebody in. */
    MATCHED,
    /** The user said no. */
    DECLINED,
    /** The user said that it wasn't them. */
    REPORTED,
    /** An item that is not the right one; it ends the transaction as well. */
    WRONG_ITEM
}
