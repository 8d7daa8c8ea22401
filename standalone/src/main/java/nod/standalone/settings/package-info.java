/** What can be set, how it is read and what a wrong value is answered with. */
@NullMarked
package nod.standalone.settings;

import org.jspecify.annotations.NullMarked;
