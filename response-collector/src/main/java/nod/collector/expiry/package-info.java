/** Closing transactions that nobody answered in time. */
@NullMarked
package nod.collector.expiry;

import org.jspecify.annotations.NullMarked;
