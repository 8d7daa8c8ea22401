/** A real PostgreSQL server beside this process that keeps its rows. */
@NullMarked
package nod.standalone.postgres;

import org.jspecify.annotations.NullMarked;
