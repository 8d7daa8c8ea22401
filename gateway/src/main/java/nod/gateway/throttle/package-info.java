/** How many bad credentials an address may bring, and which address a request comes from. */
@NullMarked
package nod.gateway.throttle;

import org.jspecify.annotations.NullMarked;
