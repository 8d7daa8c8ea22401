package nod.standalone.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/** Finds out when the system works again: when a login goes through from start to decision. */
final class Probe {

    private static final Duration PUSH = Duration.ofSeconds(3);
    private static final Duration DECISION = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Crowd crowd;
    private final Person person;

    /**
     * @param person is used by nobody else
     */
    Probe(Crowd crowd, Person person) {
        this.crowd = crowd;
        this.person = person;
    }

    /** How long it takes from now until a login that began after now has gone through. */
    CompletableFuture<Duration> begin() {
        var began = crowd.history.now();
        return CompletableFuture.supplyAsync(() -> recovery(began));
    }

    private Duration recovery(Instant began) {
        while (true) {
            var passed = goesThrough();
            var took = Duration.between(began, crowd.history.now());
            if (passed) {
                return took;
            }
            if (took.compareTo(PATIENCE) > 0) {
                throw new AssertionError("no login went through within " + PATIENCE);
            }
        }
    }

    private boolean goesThrough() {
        var started = crowd.authentik.start(person.user(), "number_matching_3", 30);
        if (started.isEmpty()) {
            return false;
        }
        var login = started.get();
        if (!person.first().awaitPush(login.txId(), PUSH)) {
            return false;
        }
        person.first().answer(login.txId(), login.right());
        crowd.authentik.awaitDecision(login, DECISION);
        return crowd.authentik
                .show(login.txId())
                .filter(seen -> seen.status().equals("accept"))
                .isPresent();
    }
}
