/** The gateway: authentik's mobile API and its extensions, turned into rows and events. */
@NullMarked
package nod.gateway;

import org.jspecify.annotations.NullMarked;
