/** Writing to the event log, and knowing whether it can be reached. */
@NullMarked
package nod.messaging.publish;

import org.jspecify.annotations.NullMarked;
