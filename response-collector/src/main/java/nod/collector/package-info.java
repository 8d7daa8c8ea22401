/** The response collector: decides every transaction, once, and tells the outcome. */
@NullMarked
package nod.collector;

import org.jspecify.annotations.NullMarked;
