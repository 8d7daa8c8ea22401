/** Results as tables of Markdown. */
@NullMarked
package nod.benchmarks.report;

import org.jspecify.annotations.NullMarked;
