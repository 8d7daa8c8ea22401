/**
 * Faults injected into the system as separate processes under load, and the checker that says
 * afterwards whether what the system promised was kept.
 */
@NullMarked
package nod.standalone.faults;

import org.jspecify.annotations.NullMarked;
