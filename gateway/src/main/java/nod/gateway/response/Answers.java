package nod.gateway.response;

import static nod.gateway.response.GivenAnswer.DENY;
import static nod.gateway.response.GivenAnswer.REPORT;

import nod.gateway.lock.Pauses;
import nod.gateway.lock.ReportLock;
import nod.gateway.lock.UserLimits;
import nod.gateway.response.AnswerClaims.Asked;
import nod.gateway.security.Caller;
import nod.messaging.event.Traceparent;
import nod.messaging.outbox.Outbox;

import org.springframework.stereotype.Service;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Mono;

import java.util.UUID;

/** Takes the phones' answers. Nothing here depends on Kafka: a claimed answer decides. */
@Service
class Answers {

    private final AnswerClaims claims;
    private final ItemAnswers itemAnswers;
    private final UserLimits users;
    private final ReportLock locks;
    private final Pauses pauses;
    private final Outbox outbox;
    private final TransactionalOperator transaction;

    Answers(
            AnswerClaims claims,
            ItemAnswers itemAnswers,
            UserLimits users,
            ReportLock locks,
            Pauses pauses,
            Outbox outbox,
            TransactionalOperator transaction) {
        this.claims = claims;
        this.itemAnswers = itemAnswers;
        this.users = users;
        this.locks = locks;
        this.pauses = pauses;
        this.outbox = outbox;
        this.transaction = transaction;
    }

    /** Takes an answer; false where it counts for nothing. */
    Mono<Boolean> take(Caller.Phone phone, UUID txId, String item) {
        return Mono.deferContextual(
                context -> {
                    var trace = Traceparent.from(context);
                    var answer = new GivenAnswer(txId, phone.device(), item, trace);
                    return item.equals(REPORT)
                            ? takeReport(phone, answer)
                            : takeAnswer(phone, answer);
                });
    }

    private Mono<Boolean> takeAnswer(Caller.Phone phone, GivenAnswer answer) {
        var claimed =
                answer.item().equals(DENY)
                        ? claimDeny(phone, answer).as(transaction::transactional)
                        : itemAnswers.take(answer);
        return claimed.switchIfEmpty(claims.isClaimedBy(answer));
    }

    /**
     * A deny pauses the user in the transaction of its claim, so that no start comes between. As
     * everywhere, the user's row is held before the transaction's.
     */
    private Mono<Boolean> claimDeny(Caller.Phone phone, GivenAnswer deny) {
        return claims.findOpen(deny.txId(), phone.device())
                .flatMap(
                        user ->
                                users.lock(user)
                                        .then(claim(deny))
                                        .flatMap(
                                                claimed ->
                                                        pauses.enforce(user, phone.actor())
                                                                .thenReturn(claimed)));
    }

    private Mono<Boolean> claim(GivenAnswer answer) {
        return claims.claim(answer).filter(claimed -> claimed);
    }

    /**
     * A report is heard for a day, whatever became of the transaction; it locks the user in any
     * case and decides only where nothing else did.
     */
    private Mono<Boolean> takeReport(Caller.Phone phone, GivenAnswer report) {
        return claims.findReportable(report.txId(), phone.device())
                .flatMap(asked -> report(phone, report, asked))
                .as(transaction::transactional)
                .defaultIfEmpty(false);
    }

    private Mono<Boolean> report(Caller.Phone phone, GivenAnswer report, Asked asked) {
        return users.lock(asked.user())
                .then(locks.lock(asked.user(), phone.actor()))
                .then(claim(report))
                .switchIfEmpty(Mono.defer(() -> reportLate(report, asked)));
    }

    private Mono<Boolean> reportLate(GivenAnswer report, Asked asked) {
        var late = report.receivedLate(asked.at());
        return claims.isClaimedBy(report)
                .flatMap(repeated -> repeated ? Mono.empty() : outbox.append(late))
                .thenReturn(true);
    }
}
