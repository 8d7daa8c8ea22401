/** The API keys of the deployment: where they are kept, how they are known, how they are made. */
@NullMarked
package nod.gateway.security.apikey;

import org.jspecify.annotations.NullMarked;
