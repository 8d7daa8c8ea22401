/** A login approved and one denied by a virtual phone, told step by step with their events. */
@NullMarked
package nod.standalone.demo;

import org.jspecify.annotations.NullMarked;
