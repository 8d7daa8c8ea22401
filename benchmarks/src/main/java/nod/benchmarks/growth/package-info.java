/** Fills the database with what years of logins leave. */
@NullMarked
package nod.benchmarks.growth;

import org.jspecify.annotations.NullMarked;
