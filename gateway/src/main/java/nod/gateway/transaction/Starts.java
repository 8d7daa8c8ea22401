package nod.gateway.transaction;

import static java.util.Objects.requireNonNull;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

import nod.gateway.GatewaySettings;
import nod.gateway.lock.Pauses;
import nod.gateway.lock.Pauses.Hindrance;
import nod.gateway.lock.UserLimit;
import nod.gateway.lock.UserLimits;
import nod.gateway.security.Caller;
import nod.gateway.transaction.StartRows.Before;
import nod.gateway.transaction.StartRows.KeyTaken;
import nod.gateway.web.Refusal;
import nod.messaging.event.Traceparent;
import nod.messaging.outbox.Outbox;
import nod.messaging.publish.EventLogHealth;
import nod.schemas.event.LockReason;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Starts transactions. The starts of one user are serialised by the user's row: it is locked by a
 * statement of its own, and everything after it is read with a fresh snapshot.
 */
@Service
class Starts {

    /** Starts that were refused because the user is not to be asked, by the reason. */
    static final String REFUSED = "nod.gateway.starts.refused";

    /** Logins that were started; the same Idempotency-Key counts once. */
    static final String STARTED = "nod.gateway.starts";

    /** What came of a start. */
    private sealed interface Result {}

    /** What a start that was not refused leads to. */
    sealed interface Started extends Result {}

    /** A new transaction, as it stands when it begins. */
    record New(MobileTransaction transaction) implements Started {}

    /** The transaction that the Idempotency-Key had started. */
    record Known(UUID txId) implements Started {}

    /** The user is not to be asked: a value, for what was written down of it is committed. */
    private record Refused(Hindrance why) implements Result {}

    private final GatewaySettings settings;
    private final EventLogHealth eventLog;
    private final UserLimits users;
    private final Pauses pauses;
    private final StartRows rows;
    private final Withdrawals withdrawals;
    private final Outbox outbox;
    private final TransactionalOperator transaction;
    private final StartTurns turns;
    private final StartsTogether together;
    private final Map<LockReason, Counter> refused;
    private final Counter started;
    private final ChallengeChooser challenges = new ChallengeChooser(new SecureRandom());

    Starts(
            GatewaySettings settings,
            EventLogHealth eventLog,
            UserLimits users,
            Pauses pauses,
            StartRows rows,
            Withdrawals withdrawals,
            Outbox outbox,
            TransactionalOperator transaction,
            StartTurns turns,
            StartsTogether together,
            MeterRegistry metrics) {
        this.settings = settings;
        this.eventLog = eventLog;
        this.users = users;
        this.pauses = pauses;
        this.rows = rows;
        this.withdrawals = withdrawals;
        this.outbox = outbox;
        this.transaction = transaction;
        this.turns = turns;
        this.together = together;
        this.refused = refused(metrics);
        this.started = Counter.builder(STARTED).description("Started logins").register(metrics);
    }

    private static Map<LockReason, Counter> refused(MeterRegistry metrics) {
        var counters = new EnumMap<LockReason, Counter>(LockReason.class);
        for (var reason : LockReason.values()) {
            counters.put(
                    reason,
                    Counter.builder(REFUSED)
                            .description("Starts for a user who is not to be asked")
                            .tag("reason", reason.text())
                            .register(metrics));
        }
        return counters;
    }

    /**
     * Starts a transaction; once this completes with a new one, it is durable.
     *
     * @param key the Idempotency-Key; null where the caller gave none
     * @return fails with a {@link Refusal} where Kafka can't be reached, too many are started, the
     *     user has no device or is paused or locked, or the key was used for something else
     */
    Mono<Started> start(Start start, Caller caller, @Nullable String key) {
        return requireEventLog()
                .then(userOf(start))
                .flatMap(user -> wish(user, start, caller, key))
                .flatMap(
                        wish ->
                                together.start(wish)
                                        .<Result>map(New::new)
                                        .switchIfEmpty(Mono.defer(() -> startAlone(wish))))
                .map(this::startedOrRefused);
    }

    private static Mono<Wish> wish(String user, Start start, Caller caller, @Nullable String key) {
        return Mono.deferContextual(
                context ->
                        Mono.just(
                                new Wish(
                                        user,
                                        start,
                                        caller,
                                        IdempotencyKey.of(caller, key, start),
                                        Traceparent.from(context))));
    }

    private Mono<Result> startAlone(Wish wish) {
        return Mono.defer(() -> startLocked(wish))
                .as(transaction::transactional)
                .retryWhen(Retry.max(1).filter(KeyTaken.class::isInstance))
                .as(turns::take);
    }

    private Started startedOrRefused(Result result) {
        return switch (result) {
            case New begun -> {
                started.increment();
                yield begun;
            }
            case Known known -> known;
            case Refused(var why) -> {
                requireNonNull(refused.get(why.reason())).increment();
                throw Refusal.throttled(why.left());
            }
        };
    }

    private Mono<Void> requireEventLog() {
        return eventLog.isReachable()
                .flatMap(
                        reachable ->
                                reachable
                                        ? Mono.empty()
                                        : Mono.error(
                                                Refusal.unavailable(
                                                        "The event log can't be reached.")));
    }

    private Mono<String> userOf(Start start) {
        return start.device() == null
                ? Mono.justOrEmpty(start.user())
                : rows.userOf(start.device()).switchIfEmpty(Mono.error(noDevice()));
    }

    private static Refusal noDevice() {
        return Refusal.notFound();
    }

    private Mono<Result> startLocked(Wish wish) {
        return users.lock(wish.user())
                .flatMap(
                        limit ->
                                rows.before(List.of(wish))
                                        .map(List::getFirst)
                                        .flatMap(before -> resultOf(wish, limit, before)));
    }

    private Mono<Result> resultOf(Wish wish, Optional<UserLimit> limit, Before before) {
        return known(wish.key(), before)
                .switchIfEmpty(Mono.defer(() -> refusal(wish.user(), limit)))
                .switchIfEmpty(Mono.defer(() -> begin(wish, before)));
    }

    private static Mono<Result> known(@Nullable IdempotencyKey key, Before before) {
        return key == null || before.used() == null
                ? Mono.empty()
                : Mono.just(new Known(key.transactionOf(before.used())));
    }

    private Mono<Result> refusal(String user, Optional<UserLimit> limit) {
        return pauses.hindrance(user, limit).map(Refused::new);
    }

    private Mono<Result> begin(Wish wish, Before before) {
        var beginning = wish.beginning(before.devices(), challenges);
        return beginning.devices().isEmpty()
                ? Mono.error(noDevice())
                : withdraw(wish, before).then(add(beginning));
    }

    private Mono<Void> withdraw(Wish wish, Before before) {
        return before.asked() && settings.transaction().supersede()
                ? withdrawals
                        .supersede(wish.user(), wish.caller().actor())
                        .collectList()
                        .flatMap(outbox::appendTraced)
                : Mono.empty();
    }

    private Mono<Result> add(Beginning beginning) {
        return rows.add(List.of(beginning))
                .flatMap(added -> Mono.justOrEmpty(added.get(beginning.txId())))
                .switchIfEmpty(Mono.error(KeyTaken::new))
                .map(times -> new New(beginning.shown(times)));
    }
}
