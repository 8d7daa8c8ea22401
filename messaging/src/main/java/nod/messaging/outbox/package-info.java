/** Events committed with the state they speak of, published after the commit. */
@NullMarked
package nod.messaging.outbox;

import org.jspecify.annotations.NullMarked;
