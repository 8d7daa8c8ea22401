/** How many connections may be open, and how slow they may be. */
@NullMarked
package nod.gateway.connection;

import org.jspecify.annotations.NullMarked;
