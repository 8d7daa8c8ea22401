/** The dispatcher alone, with a backlog and a provider that takes its time. */
@NullMarked
package nod.benchmarks.dispatch;

import org.jspecify.annotations.NullMarked;
