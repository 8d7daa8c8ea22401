/** Measures the system as a whole and in its pieces; run by hand, on a machine that is idle. */
@NullMarked
package nod.benchmarks;

import org.jspecify.annotations.NullMarked;
