package nod.gateway.transaction;

import io.micrometer.core.instrument.MeterRegistry;

import nod.gateway.GatewaySettings;
import nod.gateway.lock.Pauses;
import nod.gateway.lock.UserLimits;
import nod.gateway.transaction.StartRows.Before;
import nod.gateway.transaction.StartRows.Times;
import nod.gateway.web.Refusal;
import nod.messaging.batch.Batches;
import nod.messaging.batch.CrowdedOutException;
import nod.messaging.batch.Gathering;
import nod.messaging.batch.Shedding;

import org.springframework.dao.NonTransientDataAccessException;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Mono;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Starts transactions of several users in one of the database's: those that came while the ones
 * before were written, and of which there is nothing to say but that they begin. It passes over
 * users whose row is held, so that no user holds up another. Whatever else there is to do is left
 * to a start that is {@linkplain Starts alone}. Thread-safe.
 */
@Service
class StartsTogether {

    /** The more come in the meantime, the fewer statements each takes. */
    private static final int AT_ONCE = 1;

    private static final int TOGETHER = 250;

    private static final Duration CLOSE = Duration.ofMillis(8);

    private static final Duration WAIT = Duration.ofMillis(8);

    /** As long as a start waits for its turn to be done alone. */
    private static final Duration PASSING = Duration.ofSeconds(2);

    /** More than twice what half of the starts take where two cores just keep up. */
    private static final Duration CROWDED = Duration.ofMillis(500);

    private final GatewaySettings.Transaction settings;
    private final UserLimits users;
    private final Pauses pauses;
    private final StartRows rows;
    private final TransactionalOperator transaction;
    private final ChallengeChooser challenges = new ChallengeChooser(new SecureRandom());
    private final Batches<Wish, MobileTransaction> batches =
            new Batches<>(
                    AT_ONCE,
                    TOGETHER,
                    Gathering.of(CLOSE, WAIT),
                    Shedding.of(PASSING, CROWDED),
                    this::startAll);
    private final Crowd crowd;

    StartsTogether(
            GatewaySettings settings,
            UserLimits users,
            Pauses pauses,
            StartRows rows,
            TransactionalOperator transaction,
            MeterRegistry metrics) {
        this.settings = settings.transaction();
        this.users = users;
        this.pauses = pauses;
        this.rows = rows;
        this.transaction = transaction;
        crowd = new Crowd("together", batches::waiting, metrics);
    }

    /**
     * Starts a transaction, which is durable when this completes with it.
     *
     * @return empty where it has to be started alone, and nothing was written: the user is limited,
     *     being asked or held by another start, or has no device that could be asked, or the
     *     Idempotency-Key is known. Fails with a {@link Refusal}, nothing written, where too many
     *     wait
     */
    Mono<MobileTransaction> start(Wish wish) {
        return batches.ask(wish).onErrorMap(CrowdedOutException.class, _ -> crowd.oneTooMany());
    }

    private Mono<List<Optional<MobileTransaction>>> startAll(List<Wish> wishes) {
        var firsts = new LinkedHashMap<String, Wish>();
        wishes.forEach(wish -> firsts.putIfAbsent(wish.user(), wish));
        return startFirsts(firsts)
                .as(transaction::transactional)
                .onErrorResume(StartsTogether::isAboutOne, _ -> Mono.just(Map.of()))
                .map(begun -> inOrder(wishes, begun));
    }

    /** A row that the database does not take is its own start's fault, not that of the others. */
    private static boolean isAboutOne(Throwable failure) {
        return failure instanceof NonTransientDataAccessException
                && !(failure instanceof NonTransientDataAccessResourceException);
    }

    /** What was begun for a user is the first start's of that user. */
    private static List<Optional<MobileTransaction>> inOrder(
            List<Wish> wishes, Map<String, MobileTransaction> begun) {
        var left = new HashMap<>(begun);
        return wishes.stream().map(wish -> Optional.ofNullable(left.remove(wish.user()))).toList();
    }

    private Mono<Map<String, MobileTransaction>> startFirsts(Map<String, Wish> byUser) {
        return users.lockUnlimited(byUser.keySet())
                .flatMap(pauses::unhindered)
                .map(free -> wishesOf(free, byUser))
                .flatMap(wishes -> wishes.isEmpty() ? Mono.just(Map.of()) : begin(wishes));
    }

    private static List<Wish> wishesOf(Set<String> users, Map<String, Wish> byUser) {
        return byUser.values().stream().filter(wish -> users.contains(wish.user())).toList();
    }

    private Mono<Map<String, MobileTransaction>> begin(List<Wish> wishes) {
        return rows.before(wishes)
                .map(befores -> beginnings(wishes, befores))
                .flatMap(
                        beginnings -> beginnings.isEmpty() ? Mono.just(Map.of()) : add(beginnings));
    }

    private List<Beginning> beginnings(List<Wish> wishes, List<Before> befores) {
        var beginnings = new ArrayList<Beginning>();
        for (int i = 0; i < wishes.size(); i++) {
            var before = befores.get(i);
            var beginning = wishes.get(i).beginning(before.devices(), challenges);
            boolean supersedes = before.asked() && settings.supersede();
            if (before.used() == null && !supersedes && !beginning.devices().isEmpty()) {
                beginnings.add(beginning);
            }
        }
        return beginnings;
    }

    private Mono<Map<String, MobileTransaction>> add(List<Beginning> beginnings) {
        return rows.add(beginnings).map(times -> begun(beginnings, times));
    }

    private static Map<String, MobileTransaction> begun(
            List<Beginning> beginnings, Map<UUID, Times> times) {
        var begun = new HashMap<String, MobileTransaction>();
        for (var beginning : beginnings) {
            var its = times.get(beginning.txId());
            if (its != null) {
                begun.put(beginning.user(), beginning.shown(its));
            }
        }
        return begun;
    }
}
