package nod.gateway.response;

import nod.gateway.response.AnswerClaims.Claimed;
import nod.messaging.outbox.Outbox.Traced;
import nod.messaging.trace.Detail;
import nod.messaging.trace.Kind;
import nod.messaging.trace.Tracing;

import org.springframework.stereotype.Component;

/** Makes an answer a step of its login, in the course of a call that the phone made on its own. */
@Component
class AnswerSteps {

    private final Tracing tracing;

    AnswerSteps(Tracing tracing) {
        this.tracing = tracing;
    }

    /** The event of an answer that claimed its transaction. */
    Traced told(GivenAnswer answer, Claimed claimed) {
        var span =
                tracing.step(Kind.INTERNAL, "answer", claimed.start(), answer.trace())
                        .with(Detail.LOGIN, answer.txId());
        span.end(null);
        return new Traced(span.trace(), answer.received(claimed.at()));
    }
}
