/** Telling outcomes to authentik's log of events. */
@NullMarked
package nod.collector.authentik;

import org.jspecify.annotations.NullMarked;
