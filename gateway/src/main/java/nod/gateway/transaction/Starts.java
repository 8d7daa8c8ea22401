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
import nod.gateway.transaction.Transactions.UsersDevice;
import nod.gateway.web.Refusal;
import nod.messaging.event.Traceparent;
import nod.messaging.outbox.Outbox;
import nod.messaging.outbox.Outbox.Traced;
import nod.messaging.publish.EventLogHealth;
import nod.schemas.event.LockReason;
import nod.schemas.event.TransactionStarted;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import java.security.SecureRandom;
import java.util.ArrayList;
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

    /** Another start took the same Idempotency-Key between our look and our insert. */
    private static final class KeyTaken extends RuntimeException {
        KeyTaken() {
            super("the Idempotency-Key was taken meanwhile", null, false, false);
        }
    }

    private final GatewaySettings settings;
    private final EventLogHealth eventLog;
    private final UserLimits users;
    private final Pauses pauses;
    private final Transactions transactions;
    private final Withdrawals withdrawals;
    private final IdempotencyKeys keys;
    private final Outbox outbox;
    private final TransactionalOperator transaction;
    private final StartTurns turns;
    private final Map<LockReason, Counter> refused;
    private final Counter started;
    private final ChallengeChooser challenges = new ChallengeChooser(new SecureRandom());

    Starts(
            GatewaySettings settings,
            EventLogHealth eventLog,
            UserLimits users,
            Pauses pauses,
            Transactions transactions,
            Withdrawals withdrawals,
            IdempotencyKeys keys,
            Outbox outbox,
            TransactionalOperator transaction,
            StartTurns turns,
            MeterRegistry metrics) {
        this.settings = settings;
        this.eventLog = eventLog;
        this.users = users;
        this.pauses = pauses;
        this.transactions = transactions;
        this.withdrawals = withdrawals;
        this.keys = keys;
        this.outbox = outbox;
        this.transaction = transaction;
        this.turns = turns;
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
                .flatMap(
                        user ->
                                Mono.defer(() -> startLocked(user, start, caller, key))
                                        .as(transaction::transactional)
                                        .retryWhen(Retry.max(1).filter(KeyTaken.class::isInstance))
                                        .as(turns::take))
                .map(this::startedOrRefused);
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
                : transactions.userOf(start.device()).switchIfEmpty(Mono.error(noDevice()));
    }

    private static Refusal noDevice() {
        return Refusal.notFound();
    }

    private Mono<Result> startLocked(
            String user, Start start, Caller caller, @Nullable String key) {
        return users.lock(user)
                .flatMap(
                        limit ->
                                before(caller, key, start)
                                        .switchIfEmpty(Mono.defer(() -> refusal(user, limit)))
                                        .switchIfEmpty(
                                                Mono.defer(() -> begin(user, start, caller, key))));
    }

    private Mono<Result> before(Caller caller, @Nullable String key, Start start) {
        return key == null ? Mono.empty() : keys.find(caller, key, start).map(Known::new);
    }

    private Mono<Result> refusal(String user, Optional<UserLimit> limit) {
        return pauses.hindrance(user, limit).map(Refused::new);
    }

    private Mono<Result> begin(String user, Start start, Caller caller, @Nullable String key) {
        return transactions
                .devicesOf(user)
                .collectList()
                .flatMap(
                        all -> {
                            var devices = asked(all, start);
                            return devices.isEmpty()
                                    ? Mono.error(noDevice())
                                    : withdrawn(user, all, caller)
                                            .flatMap(
                                                    events ->
                                                            Mono.deferContextual(
                                                                    context ->
                                                                            add(
                                                                                    user,
                                                                                    devices,
                                                                                    start,
                                                                                    caller,
                                                                                    key,
                                                                                    events,
                                                                                    Traceparent
                                                                                            .from(
                                                                                                    context))));
                        });
    }

    private static List<UUID> asked(List<UsersDevice> all, Start start) {
        return all.stream()
                .map(UsersDevice::pk)
                .filter(device -> start.device() == null || device.equals(start.device()))
                .toList();
    }

    private Mono<List<Traced>> withdrawn(String user, List<UsersDevice> devices, Caller caller) {
        var isAsked = devices.stream().anyMatch(UsersDevice::asked);
        var superseded =
                isAsked && settings.transaction().supersede()
                        ? withdrawals.supersede(user, caller.actor())
                        : Flux.<Traced>empty();
        return superseded.collectList();
    }

    private Mono<Result> add(
            String user,
            List<UUID> devices,
            Start start,
            Caller caller,
            @Nullable String key,
            List<Traced> events,
            Traceparent trace) {
        var txId = UUID.randomUUID();
        var challenge = challenges.choose(start.mode());
        return transactions
                .add(txId, user, devices, start, challenge, trace)
                .flatMap(
                        times -> {
                            var started =
                                    new TransactionStarted(
                                            txId,
                                            user,
                                            devices,
                                            start.mode(),
                                            challenge.items(),
                                            start.title(),
                                            start.body(),
                                            start.context(),
                                            times.created(),
                                            times.expires(),
                                            caller.actor());
                            var all = new ArrayList<>(events);
                            all.add(new Traced(trace, started));
                            return remember(caller, key, start, txId, times)
                                    .then(outbox.appendTraced(all))
                                    .thenReturn(
                                            new New(
                                                    MobileTransaction.begun(
                                                            txId,
                                                            user,
                                                            devices,
                                                            start.mode(),
                                                            challenge.item(),
                                                            times)));
                        });
    }

    private Mono<Void> remember(
            Caller caller, @Nullable String key, Start start, UUID txId, Transactions.Times times) {
        return key == null
                ? Mono.empty()
                : keys.remember(caller, key, start, txId, times.expires())
                        .flatMap(ours -> ours ? Mono.empty() : Mono.error(new KeyTaken()));
    }
}
