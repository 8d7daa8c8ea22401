package nod.gateway.lock;

import nod.gateway.GatewaySettings;
import nod.messaging.consume.EventHandler;
import nod.messaging.event.Envelope;
import nod.schemas.event.OutcomeDecided;
import nod.schemas.event.TransactionStatus;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Writes down what a user owes once a login is decided, so that it is seen before somebody asks
 * again. It holds without: a start finds what is owed. Twice the same outcome is once too often to
 * look, and changes nothing.
 */
@Component
class PausesAfterOutcomes implements EventHandler<OutcomeDecided> {

    private static final Set<TransactionStatus> HARMLESS =
            EnumSet.of(TransactionStatus.ACCEPT, TransactionStatus.UNDELIVERABLE);

    /** Few of the pool's connections: what is owed can wait, and callers can't. */
    private static final int USERS_AT_A_TIME = 4;

    /** By how much the clocks of the database and of this instance may differ. */
    private static final Duration SKEW = Duration.ofHours(1);

    private final Duration longest;
    private final UserLimits limits;
    private final Pauses pauses;
    private final TransactionalOperator transaction;
    private final Clock clock;

    PausesAfterOutcomes(
            GatewaySettings settings,
            UserLimits limits,
            Pauses pauses,
            TransactionalOperator transaction,
            Clock clock) {
        this.longest = settings.pause().longest();
        this.limits = limits;
        this.pauses = pauses;
        this.transaction = transaction;
        this.clock = clock;
    }

    /** One look for each user of the batch; a user whose look fails fails alone. */
    @Override
    public List<? extends CompletionStage<? extends @Nullable Object>> handle(
            List<Envelope<OutcomeDecided>> batch) {
        var looks = new LinkedHashMap<String, CompletableFuture<@Nullable Void>>();
        var done = batch.stream().map(envelope -> look(envelope.event(), looks)).toList();
        Flux.fromIterable(looks.entrySet()).flatMap(this::enforce, USERS_AT_A_TIME).subscribe();
        return done;
    }

    private CompletableFuture<@Nullable Void> look(
            OutcomeDecided outcome, Map<String, CompletableFuture<@Nullable Void>> looks) {
        return HARMLESS.contains(outcome.status()) || isLongAgo(outcome)
                ? CompletableFuture.<@Nullable Void>completedFuture(null)
                : looks.computeIfAbsent(outcome.user(), _ -> new CompletableFuture<>());
    }

    /** No pause of it can still hold: a group that begins has a month of outcomes to read. */
    private boolean isLongAgo(OutcomeDecided outcome) {
        return outcome.decided().plus(longest).plus(SKEW).isBefore(clock.instant());
    }

    private Mono<Void> enforce(Map.Entry<String, CompletableFuture<@Nullable Void>> look) {
        return Mono.defer(() -> enforce(look.getKey()))
                .doOnSuccess(_ -> look.getValue().complete(null))
                .onErrorResume(
                        failure -> {
                            look.getValue().completeExceptionally(failure);
                            return Mono.empty();
                        });
    }

    private Mono<Void> enforce(String user) {
        return limits.lock(user).then(pauses.enforce(user)).as(transaction::transactional);
    }
}
