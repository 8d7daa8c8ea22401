package nod.gateway.transaction;

import nod.gateway.security.Caller;
import nod.messaging.event.Traceparent;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.UUID;

/**
 * A start that is wanted.
 *
 * @param user who is to be asked
 * @param start what for
 * @param caller by whom it is wanted
 * @param key under which it is remembered; null: under none
 * @param trace that of the call
 */
record Wish(
        String user, Start start, Caller caller, @Nullable IdempotencyKey key, Traceparent trace) {

    /** Of the user's devices, those that are to be asked. */
    private List<UUID> asked(List<UUID> devices) {
        return start.device() == null
                ? devices
                : devices.stream().filter(start.device()::equals).toList();
    }

    /**
     * The transaction that it becomes, with a new id.
     *
     * @param devices the user's; one without any that is to be asked can't be started
     */
    Beginning beginning(List<UUID> devices, ChallengeChooser challenges) {
        return new Beginning(
                UUID.randomUUID(),
                user,
                asked(devices),
                start,
                challenges.choose(start.mode()),
                caller,
                key,
                trace);
    }
}
