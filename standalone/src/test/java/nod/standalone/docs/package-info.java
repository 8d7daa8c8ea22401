/** The pages of the documentation, held against the code. */
@NullMarked
package nod.standalone.docs;

import org.jspecify.annotations.NullMarked;
