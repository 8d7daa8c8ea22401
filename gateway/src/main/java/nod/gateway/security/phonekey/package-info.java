/** The public keys that a phone may give: one for its proofs, one for what is sealed for it. */
@NullMarked
package nod.gateway.security.phonekey;

import org.jspecify.annotations.NullMarked;
