package nod.gateway.response;

import nod.messaging.event.Traceparent;
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

    /** The event of this answer, which was taken then. */
    ResponseReceived received(Instant at) {
        return new ResponseReceived(txId, device, kind(), at, false);
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
