/** Turning claims into decisions, and telling each outcome with the row that it is about. */
@NullMarked
package nod.collector.outcome;

import org.jspecify.annotations.NullMarked;
