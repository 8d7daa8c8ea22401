package nod.gateway.response;

import nod.gateway.response.AnswerClaims.Claimed;
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

    /** The answer claimed its transaction. What follows from it continues the start, as this. */
    GivenAnswer taken(Claimed claimed) {
        var answer = claimed.answer();
        tracing.step(Kind.INTERNAL, "answer", claimed.start(), answer.trace())
                .with(Detail.LOGIN, answer.txId())
                .end(null);
        return answer;
    }
}
