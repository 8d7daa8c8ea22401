/** A phone for tests and demonstrations, on nothing but public HTTP. */
@NullMarked
package nod.simulators.phone;

import org.jspecify.annotations.NullMarked;
