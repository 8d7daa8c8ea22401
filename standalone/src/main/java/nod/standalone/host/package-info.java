/** What the machine has to grant before anything starts: a folder, ports and private files. */
@NullMarked
package nod.standalone.host;

import org.jspecify.annotations.NullMarked;
