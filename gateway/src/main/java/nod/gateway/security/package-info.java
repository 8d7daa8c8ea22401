/** Who calls: API keys of the deployment, device tokens, enrollment tokens. */
@NullMarked
package nod.gateway.security;

import org.jspecify.annotations.NullMarked;
