package nod.gateway.lock;

import nod.schemas.event.LockReason;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * Why and for how long no push is sent to a user.
 *
 * @param user authentik's identifier
 * @param reason why
 * @param since since when
 * @param until until when; null: until released
 * @param left how long it still holds, by the database's clock; null: until released
 */
public record UserLimit(
        String user,
        LockReason reason,
        Instant since,
        @Nullable Instant until,
        @Nullable Duration left) {}
