/** Deleting what has had its time; which rows these are, each feature says of its own tables. */
@NullMarked
package nod.gateway.pruning;

import org.jspecify.annotations.NullMarked;
