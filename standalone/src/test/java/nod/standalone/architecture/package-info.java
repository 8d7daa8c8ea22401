/** The rules of the house, held against every class of it. */
@NullMarked
package nod.standalone.architecture;

import org.jspecify.annotations.NullMarked;
