/** HTTP/2 and HTTP/1.1 over TLS, with everything that can go wrong on a connection. */
@NullMarked
package nod.simulators.wire;

import org.jspecify.annotations.NullMarked;
