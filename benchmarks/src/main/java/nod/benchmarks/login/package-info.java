/** Whole logins that arrive at a rate: caller, phones and how long each step takes. */
@NullMarked
package nod.benchmarks.login;

import org.jspecify.annotations.NullMarked;
