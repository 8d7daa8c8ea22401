/** What the simulated providers received, per push key. */
@NullMarked
package nod.simulators.inbox;

import org.jspecify.annotations.NullMarked;
