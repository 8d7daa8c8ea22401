/** Very many callers that wait for decisions at one gateway. */
@NullMarked
package nod.benchmarks.waiting;

import org.jspecify.annotations.NullMarked;
