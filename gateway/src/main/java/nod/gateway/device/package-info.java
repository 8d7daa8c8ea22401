/** The registry of devices, and what a phone says of itself. */
@NullMarked
package nod.gateway.device;

import org.jspecify.annotations.NullMarked;
