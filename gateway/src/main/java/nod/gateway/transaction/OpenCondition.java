package nod.gateway.transaction;

/**
 * When a transaction is open: nobody has closed it, and its time is not over. A condition of a
 * statement, which also says how the statement finds its rows.
 *
 * <p>Few rows are open in a quiet moment. PostgreSQL, which plans then, would read all of them by
 * an index that has nobody else's, rather than look for one by its key, and would go on to do so in
 * a crowd. So each spelling leaves to it only the index that is meant: a row without a decision
 * waits, and one without the time of a claim has none, by the table's constraints.
 */
public final class OpenCondition {

    /** Beside {@code tx_id = …}. */
    public static final String BY_ID = "decided IS NULL AND claimed_at IS NULL AND expires > now()";

    /** Beside {@code user_id = …}; for the index that has the users of what waits. */
    public static final String BY_USER =
            "status = 'wait' AND claimed_at IS NULL AND expires > now()";

    private OpenCondition() {}
}
