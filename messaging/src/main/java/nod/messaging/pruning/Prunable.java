package nod.messaging.pruning;

import reactor.core.publisher.Mono;

/**
 * The rows of one table that have had their time. Whoever writes a table says which these are; a
 * bean of this type is pruned by its service's {@link PruningLoop}.
 */
public interface Prunable {

    /** The table's name, which is also how the metric calls it. */
    String table();

    /**
     * Deletes a batch of them in one short database transaction. Rows that somebody else has locked
     * are passed over, never waited for.
     *
     * @param limit the most rows that are deleted
     * @return how many were: {@code limit} means that there may be more
     */
    Mono<Long> prune(int limit);
}
