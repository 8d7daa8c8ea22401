/** Two versions of the services side by side. */
@NullMarked
package nod.standalone.upgrade;

import org.jspecify.annotations.NullMarked;
