/** Deleting what has had its time, in small batches: the same in every service that writes rows. */
@NullMarked
package nod.messaging.pruning;

import org.jspecify.annotations.NullMarked;
