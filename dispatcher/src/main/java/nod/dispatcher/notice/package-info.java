/** Pushes that only inform: a user's other phones hear of a new one. */
@NullMarked
package nod.dispatcher.notice;

import org.jspecify.annotations.NullMarked;
