package nod.gateway.lock;

import nod.messaging.outbox.Outbox;
import nod.schemas.event.Actor;
import nod.schemas.event.LockReason;
import nod.schemas.event.LockState;
import nod.schemas.event.UserLocked;

import org.springframework.stereotype.Service;

import reactor.core.publisher.Mono;

/** Locks a user after a report ("it wasn't me"), and releases locked and paused users. */
@Service
public class ReportLock {

    private final UserLimits limits;
    private final Pauses pauses;
    private final Outbox outbox;

    ReportLock(UserLimits limits, Pauses pauses, Outbox outbox) {
        this.limits = limits;
        this.pauses = pauses;
        this.outbox = outbox;
    }

    /**
     * Locks the user until released. Runs in the caller's transaction, which holds the user's row.
     */
    public Mono<Void> lock(String user, Actor by) {
        var event = new UserLocked(user, LockState.LOCKED, LockReason.REPORTED, null, by);
        return limits.setReported(user)
                .flatMap(changed -> changed ? outbox.append(event) : Mono.<Void>empty());
    }

    /**
     * Lifts what is in force or owed, and has the logins forgotten that led to it; false where
     * nothing is. Runs in the caller's transaction.
     */
    Mono<Boolean> release(String user, Actor by) {
        return limits.lock(user)
                .flatMap(limit -> limit.isPresent() ? Mono.just(true) : pauses.isOwed(user))
                .flatMap(
                        isOwed ->
                                isOwed
                                        ? limits.release(user)
                                                .then(outbox.append(released(user, by)))
                                                .thenReturn(true)
                                        : Mono.just(false));
    }

    private static UserLocked released(String user, Actor by) {
        return new UserLocked(user, LockState.RELEASED, null, null, by);
    }
}
