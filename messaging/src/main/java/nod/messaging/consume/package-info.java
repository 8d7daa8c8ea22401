/** Reading the event log: in a consumer group, or every new event of a topic. */
@NullMarked
package nod.messaging.consume;

import org.jspecify.annotations.NullMarked;
