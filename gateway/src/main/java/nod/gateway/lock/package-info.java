/** Users to whom no push is sent, and the lock that serialises a user's starts. */
@NullMarked
package nod.gateway.lock;

import org.jspecify.annotations.NullMarked;
