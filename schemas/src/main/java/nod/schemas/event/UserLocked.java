package nod.schemas.event;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * Pushes to a user were stopped or allowed again. Happens when a user is paused, locked or
 * released.
 *
 * @param user authentik's identifier of the user, also the record key
 * @param state what holds from now on
 * @param reason why pushes stopped; null when released
 * @param until until when, by the database's clock; null while locked until released
 * @param by who caused it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UserLocked(
        String user,
        LockState state,
        @Nullable LockReason reason,
        @Nullable Instant until,
        Actor by)
        implements Event {

    @Override
    public Topic topic() {
        return Topic.USER_LOCKED;
    }

    @Override
    public String key() {
        return user;
    }
}
