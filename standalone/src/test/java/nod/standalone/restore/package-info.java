/** Servers that come back as they were before, or with nothing. */
@NullMarked
package nod.standalone.restore;

import org.jspecify.annotations.NullMarked;
