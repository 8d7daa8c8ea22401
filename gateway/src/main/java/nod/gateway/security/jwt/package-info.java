/** The JWTs that authentik issued: whether they are good, and for whom they act. */
@NullMarked
package nod.gateway.security.jwt;

import org.jspecify.annotations.NullMarked;
