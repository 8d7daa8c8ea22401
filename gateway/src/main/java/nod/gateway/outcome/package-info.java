/** What comes back from the event log: deliveries and decisions. */
@NullMarked
package nod.gateway.outcome;

import org.jspecify.annotations.NullMarked;
