/** Deleting decided transactions that have had their time. */
@NullMarked
package nod.collector.pruning;

import org.jspecify.annotations.NullMarked;
