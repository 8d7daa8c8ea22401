/** How many logins are open, and how long the answered ones have waited. */
@NullMarked
package nod.collector.open;

import org.jspecify.annotations.NullMarked;
