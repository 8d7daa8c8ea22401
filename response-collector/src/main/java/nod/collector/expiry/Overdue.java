package nod.collector.expiry;

import nod.messaging.event.Traceparent;

import java.util.List;
import java.util.UUID;

/**
 * A transaction that nobody answered in time.
 *
 * @param start the trace of its start
 * @param reached how each of its devices was reached
 */
record Overdue(UUID txId, Traceparent start, List<Reach> reached) {}
