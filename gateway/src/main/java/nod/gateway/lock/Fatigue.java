package nod.gateway.lock;

import nod.gateway.GatewaySettings;
import nod.gateway.lock.Ended.Accepted;
import nod.gateway.lock.Ended.Failed;
import nod.schemas.event.LockReason;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Says what pause a user's recent logins owe. A strike is a login that was declined, reported or
 * answered with a wrong item, or one too many that went unanswered; each begins a pause, twice as
 * long as the one before. Pure.
 */
final class Fatigue {

    private final GatewaySettings.Pause settings;

    Fatigue(GatewaySettings.Pause settings) {
        this.settings = settings;
    }

    /** The pause that the last strike began, if it is not over. */
    Optional<Pause> owed(History history) {
        var strikes = strikes(history.ended(), history.now());
        return strikes.isEmpty()
                ? Optional.empty()
                : Optional.of(pause(strikes.getLast(), strikes.size()))
                        .filter(pause -> pause.until().isAfter(history.now()));
    }

    /**
     * The pause that would follow if what is open went unanswered, as it would where a newer start
     * took its place: a start that would be one too many then is one too many now.
     */
    Optional<Pause> impending(History history) {
        var open = history.open();
        if (open.isEmpty() || !settings.isOn()) {
            return Optional.empty();
        }
        var unanswered = new Failed(LockReason.UNANSWERED, history.now());
        var all = new ArrayList<>(history.ended());
        all.addAll(Collections.nCopies(open.size(), unanswered));
        var strikes = strikes(all, history.now());
        return strikes.contains(unanswered)
                ? Optional.of(
                        pause(
                                new Failed(LockReason.UNANSWERED, Collections.max(open)),
                                strikes.size()))
                : Optional.empty();
    }

    private List<Failed> strikes(List<Ended> past, Instant now) {
        var unanswered = new ArrayList<Instant>();
        var strikes = new ArrayList<Failed>();
        for (var login : past) {
            switch (login) {
                case Accepted _ -> {
                    unanswered.clear();
                    strikes.clear();
                }
                case Failed failed when failed.why() == LockReason.UNANSWERED -> {
                    if (!isFree(failed.at(), unanswered)) {
                        strikes.add(failed);
                    }
                    unanswered.add(failed.at());
                }
                case Failed failed -> strikes.add(failed);
            }
        }
        strikes.removeIf(strike -> !strike.at().isAfter(now.minus(settings.forgottenAfter())));
        return strikes;
    }

    private boolean isFree(Instant at, List<Instant> unansweredBefore) {
        var since = at.minus(settings.freeWithin());
        return unansweredBefore.stream().filter(before -> before.isAfter(since)).count()
                < settings.free();
    }

    private Pause pause(Failed strike, int number) {
        return new Pause(strike.why(), strike.at(), strike.at().plus(length(number)));
    }

    private Duration length(int number) {
        // Bounded, so that it can't overflow.
        var doubled = settings.first().multipliedBy(1L << Math.min(number - 1, 30));
        return doubled.compareTo(settings.longest()) < 0 ? doubled : settings.longest();
    }
}
