package nod.collector.delivery;

import java.util.UUID;

/**
 * A delivery that is being tried.
 *
 * @param event the id of the outcome's event, the same at every try
 * @param txId the transaction that it is of
 * @param lease who tries it
 * @param body as it is sent, to the letter
 * @param number how many tries there have been, this one included
 * @param at when it began, by the database's clock, in seconds since 1970
 * @param doubtful whether an earlier try may have told it
 */
public record Attempt(
        UUID event, UUID txId, UUID lease, String body, int number, long at, boolean doubtful) {}
