/** Every sentence of the page on the API's behaviour, shown on a running gateway. */
@NullMarked
package nod.gateway.behaviour;

import org.jspecify.annotations.NullMarked;
