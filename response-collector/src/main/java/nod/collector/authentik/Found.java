package nod.collector.authentik;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.util.UUID;

/** Whether authentik has the event of a transaction, by its list of the events that fit. */
enum Found {
    YES,
    NO,

    /** It is no such list, or one in which others are: then it says nothing of what is missing. */
    UNCLEAR;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Whether the list has it. */
    static Found in(String body, UUID txId) {
        try {
            return in(JSON.readTree(body), txId.toString());
        } catch (JacksonException noJson) {
            return UNCLEAR;
        }
    }

    private static Found in(JsonNode list, String txId) {
        var results = list.path("results");
        var count = list.path("pagination").path("count");
        if (!results.isArray() || !count.isNumber()) {
            return UNCLEAR;
        }
        for (var event : results) {
            if (isOf(event, txId)) {
                return YES;
            }
        }
        return results.isEmpty() && count.asInt() == 0 ? NO : UNCLEAR;
    }

    private static boolean isOf(JsonNode event, String txId) {
        return event.path("app").asString("").equals(AuthentikEvent.APP)
                && event.path("context").path("tx_id").asString("").equals(txId);
    }
}
