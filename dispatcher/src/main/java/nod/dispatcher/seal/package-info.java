/** Seals prompts for phones that gave an encryption key: the only user of Tink. */
@NullMarked
package nod.dispatcher.seal;

import org.jspecify.annotations.NullMarked;
