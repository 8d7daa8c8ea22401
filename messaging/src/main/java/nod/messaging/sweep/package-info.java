/** Doing something to the database again and again while a service runs. */
@NullMarked
package nod.messaging.sweep;

import org.jspecify.annotations.NullMarked;
