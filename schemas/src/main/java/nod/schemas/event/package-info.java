/** The events of the log: what each topic says, as immutable records. */
@NullMarked
package nod.schemas.event;

import org.jspecify.annotations.NullMarked;
