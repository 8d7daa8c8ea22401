package nod.gateway.response;

import nod.gateway.lock.Pauses;
import nod.gateway.lock.ReportLock;
import nod.gateway.lock.UserLimits;
import nod.gateway.response.AnswerClaims.Asked;
import nod.gateway.security.Caller;
import nod.messaging.outbox.Outbox;
import nod.schemas.event.Answer;
import nod.schemas.event.ResponseReceived;

import org.springframework.stereotype.Service;
import org.springframework.transaction.reactive.TransactionalOperator;

import reactor.core.publisher.Mono;

import java.util.UUID;

/** Takes the phones' answers. Nothing here depends on Kafka: a claimed answer decides. */
@Service
class Answers {

    private static final String DENY = "deny";
    private static final String REPORT = "report";

    private final AnswerClaims claims;
    private final UserLimits users;
    private final ReportLock locks;
    private final Pauses pauses;
    private final Outbox outbox;
    private final TransactionalOperator transaction;

    Answers(
            AnswerClaims claims,
            UserLimits users,
            ReportLock locks,
            Pauses pauses,
            Outbox outbox,
            TransactionalOperator transaction) {
        this.claims = claims;
        this.users = users;
        this.locks = locks;
        this.pauses = pauses;
        this.outbox = outbox;
        this.transaction = transaction;
    }

    /** Takes an answer; false where it counts for nothing. */
    Mono<Boolean> take(Caller.Phone phone, UUID txId, String item) {
        return item.equals(REPORT) ? takeReport(phone, txId) : takeAnswer(phone, txId, item);
    }

    private Mono<Boolean> takeAnswer(Caller.Phone phone, UUID txId, String item) {
        var claimed = item.equals(DENY) ? claimDeny(phone, txId) : claim(phone, txId, item);
        return claimed.as(transaction::transactional)
                .switchIfEmpty(claims.isClaimedBy(txId, phone.device(), item));
    }

    /**
     * A deny pauses the user in the transaction of its claim, so that no start comes between. As
     * everywhere, the user's row is held before the transaction's.
     */
    private Mono<Boolean> claimDeny(Caller.Phone phone, UUID txId) {
        return claims.findOpen(txId, phone.device())
                .flatMap(
                        user ->
                                users.lock(user)
                                        .then(claim(phone, txId, DENY))
                                        .flatMap(
                                                claimed ->
                                                        pauses.enforce(user, phone.actor())
                                                                .thenReturn(claimed)));
    }

    private Mono<Boolean> claim(Caller.Phone phone, UUID txId, String item) {
        return claims.claim(txId, phone.device(), item)
                .map(at -> new ResponseReceived(txId, phone.device(), kind(item), at, false))
                .flatMap(event -> outbox.append(event).thenReturn(true));
    }

    private static Answer kind(String item) {
        return switch (item) {
            case "accept" -> Answer.ACCEPT;
            case DENY -> Answer.DENY;
            case REPORT -> Answer.REPORT;
            default -> Answer.ITEM;
        };
    }

    /**
     * A report is heard for a day, whatever became of the transaction; it locks the user in any
     * case and decides only where nothing else did.
     */
    private Mono<Boolean> takeReport(Caller.Phone phone, UUID txId) {
        return claims.findReportable(txId, phone.device())
                .flatMap(asked -> report(phone, txId, asked))
                .as(transaction::transactional)
                .defaultIfEmpty(false);
    }

    private Mono<Boolean> report(Caller.Phone phone, UUID txId, Asked asked) {
        return users.lock(asked.user())
                .then(locks.lock(asked.user(), phone.actor()))
                .then(claim(phone, txId, REPORT))
                .switchIfEmpty(Mono.defer(() -> reportLate(phone, txId, asked)));
    }

    private Mono<Boolean> reportLate(Caller.Phone phone, UUID txId, Asked asked) {
        var late = new ResponseReceived(txId, phone.device(), Answer.REPORT, asked.at(), true);
        return claims.isClaimedBy(txId, phone.device(), REPORT)
                .flatMap(repeated -> repeated ? Mono.empty() : outbox.append(late))
                .thenReturn(true);
    }
}
