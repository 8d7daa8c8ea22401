/** The command that migrates the database, for gateways that have no rights to. */
@NullMarked
package nod.gateway.migration;

import org.jspecify.annotations.NullMarked;
