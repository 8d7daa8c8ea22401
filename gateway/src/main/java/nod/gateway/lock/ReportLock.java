package nod.gateway.lock;

import nod.messaging.outbox.Outbox;
import nod.schemas.event.Actor;
import nod.schemas.event.LockReason;
import nod.schemas.event.LockState;
import nod.schemas.event.UserLocked;

import org.springframework.stereotype.Service;

import reactor.core.publisher.Mono;

/** Locks a user after a report ("it wasn't me"), and releases locked users. */
@Service
public class ReportLock {

    private final UserLimits limits;
    private final Outbox outbox;

    ReportLock(UserLimits limits, Outbox outbox) {
        this.limits = limits;
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

    /** Lifts what is in force; false where nothing is. Runs in the caller's transaction. */
    Mono<Boolean> release(String user, Actor by) {
        var event = new UserLocked(user, LockState.RELEASED, null, null, by);
        return limits.release(user)
                .flatMap(
                        changed ->
                                changed ? outbox.append(event).thenReturn(true) : Mono.just(false));
    }
}
