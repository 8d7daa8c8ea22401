/** Inspection and control of the simulators over plain HTTP. */
@NullMarked
package nod.simulators.control;

import org.jspecify.annotations.NullMarked;
