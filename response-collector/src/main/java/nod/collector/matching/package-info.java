/** Matching an answer with what was asked: values in, a value out. */
@NullMarked
package nod.collector.matching;

import org.jspecify.annotations.NullMarked;
