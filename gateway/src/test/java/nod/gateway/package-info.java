/** The gateway as it runs, for the tests of its features. */
@NullMarked
package nod.gateway;

import org.jspecify.annotations.NullMarked;
