package nod.dispatcher.push;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.UUID;

/**
 * Tells the owner of a phone that another one has been enrolled, which only informs: it brings no
 * data, for there is nothing to answer.
 *
 * @param added the pk of the device that was enrolled
 * @param name what that device is called, at most 64 characters; null where nobody between us and
 *     the phone may read anything
 * @param expires until when it is worth telling
 */
public record DeviceAdded(UUID added, @Nullable String name, Instant expires)
        implements PushContent {

    /** What the notification is headed by. */
    public String title() {
        return name == null ? "A new device can approve your sign-ins" : "New device";
    }

    /** What the notification says; null where its title says it all. */
    public @Nullable String body() {
        return name == null
                ? null
                : "\"%s\" can approve your sign-ins from now on. If you did not add it, report it."
                        .formatted(name);
    }
}
