/** Telling outcomes to others over HTTP: rows first, and from there until they are told. */
@NullMarked
package nod.collector.delivery;

import org.jspecify.annotations.NullMarked;
