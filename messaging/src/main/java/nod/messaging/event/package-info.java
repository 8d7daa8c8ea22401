/** Events with what travels around them, and how they are written as CloudEvents. */
@NullMarked
package nod.messaging.event;

import org.jspecify.annotations.NullMarked;
