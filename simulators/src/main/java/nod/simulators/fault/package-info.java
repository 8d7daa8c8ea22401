/** What the simulated providers can be told to do wrong. */
@NullMarked
package nod.simulators.fault;

import org.jspecify.annotations.NullMarked;
