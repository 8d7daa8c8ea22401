/** Listing, showing and replaying dead letters from the command line. */
@NullMarked
package nod.messaging.deadletter;

import org.jspecify.annotations.NullMarked;
