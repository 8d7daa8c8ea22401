/** The pages of {@code docs/}, held against the code. */
@NullMarked
package nod.standalone.docs;

import org.jspecify.annotations.NullMarked;
