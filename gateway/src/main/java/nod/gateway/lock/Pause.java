package nod.gateway.lock;

import nod.schemas.event.LockReason;

import java.time.Instant;

/**
 * A time in which no push is sent to a user.
 *
 * @param reason why
 * @param since when the login ended that began it
 * @param until from then on pushes are sent again
 */
record Pause(LockReason reason, Instant since, Instant until) {}
