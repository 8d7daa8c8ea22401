/** The whole system in one process: event log, database, the three services and the providers. */
@NullMarked
package nod.standalone;

import org.jspecify.annotations.NullMarked;
