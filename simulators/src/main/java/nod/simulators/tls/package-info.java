/** The certificates the simulators serve TLS with, and how they outlive a restart. */
@NullMarked
package nod.simulators.tls;

import org.jspecify.annotations.NullMarked;
