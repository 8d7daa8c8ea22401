package nod.gateway.response;

import nod.messaging.event.Traceparent;
import nod.messaging.outbox.Outbox;
import nod.messaging.outbox.Outbox.Traced;
import nod.schemas.event.Answer;
import nod.schemas.event.ResponseReceived;

import java.time.Instant;
import java.util.UUID;

/**
 * What a phone answered.
 *
 * @param trace that of the call which brought it
 */
record GivenAnswer(UUID txId, UUID device, String item, Traceparent trace) {

    static final String DENY = "deny";
    static final String REPORT = "report";

    /** The event of this answer; when it was taken, its claim knows. */
    Traced told() {
        return new Traced(trace, new ResponseReceived(txId, device, kind(), Outbox.UNKNOWN, false));
    }

    /** The event of this answer, which came then and claimed nothing. */
    ResponseReceived receivedLate(Instant at) {
        return new ResponseReceived(txId, device, kind(), at, true);
    }

    private Answer kind() {
        return switch (item) {
            case "accept" -> Answer.ACCEPT;
            case DENY -> Answer.DENY;
            case REPORT -> Answer.REPORT;
            default -> Answer.ITEM;
        };
    }
}
