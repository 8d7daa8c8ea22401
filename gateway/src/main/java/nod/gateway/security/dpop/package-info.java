/** The proofs that a phone holds the key which it gave: DPoP, RFC 9449. */
@NullMarked
package nod.gateway.security.dpop;

import org.jspecify.annotations.NullMarked;
