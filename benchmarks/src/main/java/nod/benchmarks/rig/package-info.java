/** The system as it is operated, a process for each part, and what each of them costs. */
@NullMarked
package nod.benchmarks.rig;

import org.jspecify.annotations.NullMarked;
