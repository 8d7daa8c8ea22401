/** Secrets that the test knows pass through every part, and are searched in whatever it left. */
@NullMarked
package nod.standalone.secrecy;

import org.jspecify.annotations.NullMarked;
