/** How events travel: what every service wires to speak with the event log. */
@NullMarked
package nod.messaging;

import org.jspecify.annotations.NullMarked;
