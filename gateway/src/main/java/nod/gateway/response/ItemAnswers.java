package nod.gateway.response;

import static java.util.Objects.requireNonNull;

import nod.gateway.response.AnswerClaims.Claimed;
import nod.messaging.batch.Batches;
import nod.messaging.outbox.Outbox;

import org.springframework.stereotype.Service;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Mono;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Takes answers that say nothing of their user: accept, or an item. Those that come together are
 * claimed in one database transaction.
 */
@Service
class ItemAnswers {

    /** Enough that one which waits for a row does not hold up the others. */
    static final int AT_ONCE = 2;

    private static final int TOGETHER = 100;

    private static final Optional<Boolean> NOT_TAKEN = Optional.empty();

    private final AnswerClaims claims;
    private final AnswerSteps steps;
    private final Outbox outbox;
    private final TransactionalOperator transaction;
    private final Batches<GivenAnswer, Boolean> batches =
            new Batches<>(AT_ONCE, TOGETHER, this::takeAll);

    ItemAnswers(
            AnswerClaims claims,
            AnswerSteps steps,
            Outbox outbox,
            TransactionalOperator transaction) {
        this.claims = claims;
        this.steps = steps;
        this.outbox = outbox;
        this.transaction = transaction;
    }

    /** Takes an answer; empty where it did not claim its transaction. */
    Mono<Boolean> take(GivenAnswer answer) {
        return batches.ask(answer);
    }

    /** Of different answers to one transaction that come together, the first is heard. */
    private Mono<List<Optional<Boolean>>> takeAll(List<GivenAnswer> answers) {
        var heard = new LinkedHashMap<UUID, GivenAnswer>();
        answers.forEach(answer -> heard.putIfAbsent(answer.txId(), answer));
        return claim(heard)
                .as(transaction::transactional)
                .map(
                        claimed ->
                                answers.stream()
                                        .map(answer -> claimed.contains(answer))
                                        .map(taken -> taken ? Optional.of(true) : NOT_TAKEN)
                                        .toList());
    }

    private Mono<Set<GivenAnswer>> claim(Map<UUID, GivenAnswer> answers) {
        return claims.claimAll(List.copyOf(answers.values()))
                .flatMap(
                        claimed ->
                                outbox.appendTraced(events(answers, claimed))
                                        .thenReturn(
                                                claimed.keySet().stream()
                                                        .map(answers::get)
                                                        .map(Objects::requireNonNull)
                                                        .collect(Collectors.toSet())));
    }

    private List<Outbox.Traced> events(Map<UUID, GivenAnswer> answers, Map<UUID, Claimed> claimed) {
        return claimed.entrySet().stream()
                .map(
                        entry ->
                                steps.told(
                                        requireNonNull(answers.get(entry.getKey())),
                                        entry.getValue()))
                .toList();
    }
}
