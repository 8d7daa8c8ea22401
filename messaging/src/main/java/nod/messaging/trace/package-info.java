/** Spans of what a service does, sent to a collector where one is named. */
@NullMarked
package nod.messaging.trace;

import org.jspecify.annotations.NullMarked;
