/** What comes one by one and is done together. */
@NullMarked
package nod.messaging.batch;

import org.jspecify.annotations.NullMarked;
