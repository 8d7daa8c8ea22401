package nod.gateway.response;

import nod.messaging.batch.Batches;
import nod.messaging.batch.Gathering;

import org.springframework.stereotype.Service;

import reactor.core.publisher.Mono;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Takes answers that say nothing of their user: accept, or an item. Those that come together are
 * claimed in one statement.
 */
@Service
class ItemAnswers {

    /** Enough that one which waits for a row does not hold up the others. */
    static final int AT_ONCE = 2;

    private static final int TOGETHER = 250;

    /** The phones' tokens were found together: their answers follow each other at once. */
    private static final Duration CLOSE = Duration.ofMillis(50);

    private static final Duration WAIT = Duration.ofMillis(2);

    private static final Optional<Boolean> NOT_TAKEN = Optional.empty();

    private final AnswerClaims claims;
    private final Batches<GivenAnswer, Boolean> batches =
            new Batches<>(AT_ONCE, TOGETHER, Gathering.of(CLOSE, WAIT), this::takeAll);

    ItemAnswers(AnswerClaims claims) {
        this.claims = claims;
    }

    /** Takes an answer; empty where it did not claim its transaction. */
    Mono<Boolean> take(GivenAnswer answer) {
        return batches.ask(answer);
    }

    /** Of different answers to one transaction that come together, the first is heard. */
    private Mono<List<Optional<Boolean>>> takeAll(List<GivenAnswer> answers) {
        var heard = new LinkedHashMap<UUID, GivenAnswer>();
        answers.forEach(answer -> heard.putIfAbsent(answer.txId(), answer));
        return claims.claim(List.copyOf(heard.values()))
                .map(
                        claimed ->
                                answers.stream()
                                        .map(answer -> claimed.contains(answer))
                                        .map(taken -> taken ? Optional.of(true) : NOT_TAKEN)
                                        .toList());
    }
}
