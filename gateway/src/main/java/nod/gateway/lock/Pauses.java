package nod.gateway.lock;

import static java.util.stream.Collectors.toUnmodifiableSet;

import nod.gateway.GatewaySettings;
import nod.messaging.outbox.Outbox;
import nod.schemas.event.Actor;
import nod.schemas.event.LockReason;
import nod.schemas.event.LockState;
import nod.schemas.event.Topic.Producer;
import nod.schemas.event.UserLocked;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Pauses users whom too many pushes came to nothing. What is owed follows from the transactions;
 * the user's row only says it aloud. Each method runs in the caller's transaction, which holds the
 * user's row.
 */
@Service
public class Pauses {

    private static final Actor GATEWAY =
            new Actor(Actor.Kind.SERVICE, Producer.GATEWAY.serviceName());

    private final GatewaySettings.Pause settings;
    private final Fatigue fatigue;
    private final LoginHistory logins;
    private final UserLimits limits;
    private final Outbox outbox;

    Pauses(GatewaySettings settings, LoginHistory logins, UserLimits limits, Outbox outbox) {
        this.settings = settings.pause();
        this.fatigue = new Fatigue(settings.pause());
        this.logins = logins;
        this.limits = limits;
        this.outbox = outbox;
    }

    /**
     * Why a user may not be asked.
     *
     * @param reason why
     * @param left how long it still holds; null: until released
     */
    public record Hindrance(LockReason reason, @Nullable Duration left) {}

    /**
     * Why the user may not be asked now; empty where nothing speaks against it. A pause that is
     * found is written down, and told, when the caller commits.
     *
     * @param inForce what the user's row said when it was locked
     */
    public Mono<Hindrance> hindrance(String user, Optional<UserLimit> inForce) {
        var limit = inForce.orElse(null);
        if (limit != null && (limit.until() == null || !settings.isOn())) {
            return Mono.just(new Hindrance(limit.reason(), limit.left()));
        }
        return settings.isOn()
                ? logins.of(user).flatMap(history -> hindrance(user, limit, history))
                : Mono.empty();
    }

    /**
     * Of these users, for whom no limit is in force, those who may be asked. Of the others, for
     * whom {@link #hindrance} has more to say or to write down, nothing is.
     */
    public Mono<Set<String>> unhindered(Set<String> users) {
        return settings.isOn() && !users.isEmpty()
                ? logins.of(users)
                        .map(
                                histories ->
                                        users.stream()
                                                .filter(user -> isFree(histories.get(user)))
                                                .collect(toUnmodifiableSet()))
                : Mono.just(users);
    }

    private boolean isFree(@Nullable History history) {
        return history != null
                && fatigue.owed(history).isEmpty()
                && fatigue.impending(history).isEmpty();
    }

    private Mono<Hindrance> hindrance(String user, @Nullable UserLimit limit, History history) {
        var owed = fatigue.owed(history);
        return write(user, owed, GATEWAY)
                .then(
                        Mono.justOrEmpty(
                                longest(limit, owed)
                                        .filter(pause -> pause.until().isAfter(history.now()))
                                        .or(() -> fatigue.impending(history))
                                        .map(pause -> hindrance(pause, history.now()))));
    }

    private static Hindrance hindrance(Pause pause, Instant now) {
        return new Hindrance(pause.reason(), Duration.between(now, pause.until()));
    }

    /** Of the pause that is written down and the one that is owed, the one that ends last. */
    private static Optional<Pause> longest(@Nullable UserLimit limit, Optional<Pause> owed) {
        if (limit == null || limit.until() == null) {
            return owed;
        }
        var written = new Pause(limit.reason(), limit.since(), limit.until());
        return owed.filter(pause -> pause.until().isAfter(written.until()))
                .or(() -> Optional.of(written));
    }

    /** Writes down what the user's logins owe, and tells it, where that is new. */
    public Mono<Void> enforce(String user, Actor by) {
        return settings.isOn()
                ? logins.of(user).flatMap(history -> write(user, fatigue.owed(history), by))
                : Mono.empty();
    }

    /** {@link #enforce(String, Actor)} where it is nobody's doing but the time's. */
    Mono<Void> enforce(String user) {
        return enforce(user, GATEWAY);
    }

    /** Whether the user's logins owe a pause, written down or not. */
    Mono<Boolean> isOwed(String user) {
        return settings.isOn()
                ? logins.of(user).map(history -> fatigue.owed(history).isPresent())
                : Mono.just(false);
    }

    private Mono<Void> write(String user, Optional<Pause> owed, Actor by) {
        return Mono.justOrEmpty(owed)
                .flatMap(
                        pause ->
                                limits.setPaused(user, pause)
                                        .flatMap(
                                                isNew ->
                                                        isNew
                                                                ? outbox.append(
                                                                        told(user, pause, by))
                                                                : Mono.empty()));
    }

    private static UserLocked told(String user, Pause pause, Actor by) {
        return new UserLocked(user, LockState.PAUSED, pause.reason(), pause.until(), by);
    }
}
