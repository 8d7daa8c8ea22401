/** Starting, showing, cancelling and pulling push transactions. */
@NullMarked
package nod.gateway.transaction;

import org.jspecify.annotations.NullMarked;
