/** The phone's answer, and the claim that makes it count. */
@NullMarked
package nod.gateway.response;

import org.jspecify.annotations.NullMarked;
