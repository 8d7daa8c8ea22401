package nod.messaging.testing;

import static java.util.Objects.requireNonNull;

import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Mono;

import java.util.HashMap;
import java.util.Map;

/**
 * What statements read of a table, as PostgreSQL counts it: not what a plan promises, but what was
 * done, cascades included.
 *
 * @param sequentialScans how often the whole table was read
 * @param byIndex rows that were fetched by an index
 */
public record RowsRead(long sequentialScans, long byIndex) {

    private static final String COUNTED =
            """
            SELECT relname::text AS name, seq_scan, coalesce(idx_tup_fetch, 0) AS idx_tup_fetch
            FROM pg_stat_xact_user_tables
            WHERE seq_scan > 0 OR idx_tup_fetch > 0
            """;

    /**
     * Does the work in a transaction of its own, planned as a service plans it after a while: once
     * and for every value of its parameters.
     */
    public static Map<String, RowsRead> by(
            Mono<?> work, DatabaseClient database, TransactionalOperator transaction) {
        var read =
                database.sql("SET LOCAL plan_cache_mode = force_generic_plan")
                        .then()
                        .then(counted(database))
                        .flatMap(
                                before ->
                                        work.then(counted(database))
                                                .map(after -> difference(before, after)))
                        .as(transaction::transactional)
                        .block();
        return requireNonNull(read);
    }

    /** PostgreSQL counts on from what the session did shortly before. */
    private static Map<String, RowsRead> difference(
            Map<String, RowsRead> before, Map<String, RowsRead> after) {
        var read = new HashMap<>(after);
        before.forEach(
                (table, earlier) ->
                        read.computeIfPresent(table, (_, later) -> later.minus(earlier)));
        read.values().removeIf(new RowsRead(0, 0)::equals);
        return read;
    }

    private RowsRead minus(RowsRead earlier) {
        return new RowsRead(sequentialScans - earlier.sequentialScans, byIndex - earlier.byIndex);
    }

    private static Mono<Map<String, RowsRead>> counted(DatabaseClient database) {
        return database.sql(COUNTED)
                .map(
                        row ->
                                Map.entry(
                                        requireNonNull(row.get("name", String.class)),
                                        new RowsRead(
                                                requireNonNull(row.get("seq_scan", Long.class)),
                                                requireNonNull(
                                                        row.get("idx_tup_fetch", Long.class)))))
                .all()
                .collectMap(Map.Entry::getKey, Map.Entry::getValue);
    }
}
