/** The dispatcher's settings, checked at start. */
@NullMarked
package nod.dispatcher.settings;

import org.jspecify.annotations.NullMarked;
