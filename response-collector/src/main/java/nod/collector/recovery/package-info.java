/** Deciding claims whose event did not come. */
@NullMarked
package nod.collector.recovery;

import org.jspecify.annotations.NullMarked;
