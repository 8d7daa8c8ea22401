/** What this machine can do at most: each kind of step of a login, alone and empty. */
@NullMarked
package nod.benchmarks.raw;

import org.jspecify.annotations.NullMarked;
